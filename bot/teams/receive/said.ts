import type { Activity } from '../activity.ts'

/**
 * What somebody said to us: the mention of ourselves is taken out exactly where Teams says it stands, others stay as names. Undefined
 * where we are not spoken to: outside a personal chat only who mentions us does.
 */
export function saidIn(activity: Activity): string | undefined {
  const { conversation, recipient, entities = [], textFormat } = activity
  let text = activity.text ?? ''
  let mentioned = conversation.conversationType === 'personal'
  for (const { type, text: tag, mentioned: whom } of entities) {
    if (type !== 'mention' || !whom || !tag) continue
    if (whom.id === recipient.id) {
      mentioned = true
      text = text.replaceAll(tag, ' ')
    } else text = text.replaceAll(tag, () => `@${whom.name ?? plainTag(tag)}`)
  }
  if (!mentioned) return undefined
  // Its editor puts hard spaces behind mentions, and writes them as an entity even into plain text.
  const plain = text.replaceAll('&nbsp;', ' ').replaceAll('\u00a0', ' ')
  return (textFormat === 'xml' ? withoutEntities(plain) : plain).replaceAll(/[ \t]+/g, ' ').trim()
}

const plainTag = (tag: string): string => tag.replaceAll(/<[^>]*>/g, '')

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }
const withoutEntities = (text: string): string =>
  text.replace(/&(lt|gt|quot|apos|amp);/g, (whole, name: string) => ENTITIES[name] ?? whole)
