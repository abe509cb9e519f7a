import type { Card, Text } from '../../../core/card.ts'
import type { PersonId } from '../../../core/ids.ts'
import type { Element } from './page.ts'

const MOST = 20
/** What a name may be made of where Markdown is read: anything else is no part of one. */
const NOT_OF_NAMES = /[^\p{L}\p{N} .'’-]/gu

/**
 * The people whom a plan or a notice names, mentioned once below it: Teams makes mentions in a TextBlock only, which reads Markdown, so
 * nothing but their names stands in it. Who only asked, or decided, is named in the small print and is not called.
 */
export function mentions(
  card: Card,
  { mention }: { readonly mention?: (person: PersonId) => string | undefined },
): { readonly entities: readonly Element[]; readonly called: readonly Element[] } {
  const found = new Map<string, string>()
  if (mention && (card.kind === 'plan' || card.kind === 'notice'))
    for (const { person, name } of namedIn(card.blocks)) {
      const id = mention(person)
      const plain = name.replaceAll(NOT_OF_NAMES, ' ').trim()
      if (id && plain && found.size < MOST) found.set(id, plain)
    }
  if (found.size === 0) return { entities: [], called: [] }
  const tag = (name: string) => `<at>${name}</at>`
  const entities = [...found].map(([id, name]) => ({ type: 'mention', text: tag(name), mentioned: { id, name } }))
  const text = [...found.values()].map(tag).join(' ')
  return { entities, called: [{ type: 'TextBlock', text, wrap: true, size: 'Small' }] }
}

type Named = Extract<Exclude<Text, string>[number], { readonly person: PersonId }>

/** Every person that the blocks name, wherever. */
function namedIn(part: unknown): Named[] {
  if (Array.isArray(part)) return part.flatMap(namedIn)
  if (typeof part !== 'object' || part === null) return []
  // Of all that blocks are made of, only a person's span has both.
  if ('person' in part && 'name' in part) return [part as Named]
  return Object.values(part).flatMap(namedIn)
}
