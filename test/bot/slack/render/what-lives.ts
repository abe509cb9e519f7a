import { hiddenIn } from '../../../../bench/prove/fuzz/hostile.ts'
import type { KnownBlock } from '../../../../bot/slack/render/kit.ts'

/** The user id that the renderer is told for a person it knows; nothing else may become a mention. */
export const KNOWN_USER = 'U0KNOWN01'

/**
 * What is wrong with what Slack would show: markup that came alive, a mention that nobody meant, characters that hide, an entity cut in
 * two. Says nothing where all is well. It knows Slack's rules, and nothing of how the renderer keeps them.
 */
export function faultsInBlocks(blocks: readonly unknown[], buttons: number): string[] {
  const faults: string[] = []
  let seen = 0
  for (const { node, path } of nodes(blocks, '')) {
    if (node.type === 'button') seen += 1
    if (typeof node.type === 'string' && !HARMLESS.has(node.type)) faults.push(`a ${node.type} at ${path}`)
    if (node.type === 'user' && node.user_id !== KNOWN_USER) faults.push(`a mention of ${node.user_id}`)
    if (node.type === 'mrkdwn') faults.push(...faultsInMrkdwn(node.text))
    // Slack does not say whether markup lives in the texts of a chart.
    if (node.type === 'data_visualization' && /[<>]/.test(JSON.stringify(node)))
      faults.push(`brackets in the chart at ${path}`)
    if (node.type === 'plain_text') faults.push(...faultsInEscaped(node.text).map((fault) => `${fault} at ${path}`))
    for (const [key, value] of Object.entries(node)) {
      if (typeof value !== 'string' || UNSEEN_KEYS.has(key)) continue
      const hidden = hiddenIn(value) ?? (value.isWellFormed() ? undefined : 'half a character')
      if (hidden) faults.push(`${hidden} at ${path}.${key}`)
    }
    if (JSON.stringify(node).includes('"url"')) faults.push(`a link at ${path}`)
  }
  if (seen !== buttons) faults.push(`${seen} buttons where the card has ${buttons}`)
  return faults
}

/** The same for the text beside the blocks, in which only the three escaped characters could do anything. */
export const faultsInText = (text: string): string[] => {
  const hidden = hiddenIn(text) ?? (text.isWellFormed() ? undefined : 'half a character')
  return [...faultsInEscaped(text), ...(hidden ? [`${hidden} in the text`] : [])]
}

/** Everything a message of ours is made of: no link, no broadcast, no channel, no image, no emoji by name. */
const HARMLESS = new Set<string>([
  ...([
    'header',
    'context',
    'actions',
    'rich_text',
    'data_table',
    'data_visualization',
    'divider',
  ] satisfies KnownBlock['type'][]),
  ...['plain_text', 'mrkdwn', 'button', 'text', 'user', 'date', 'raw_text', 'raw_number', 'input'],
  ...['rich_text_section', 'rich_text_list', 'rich_text_quote', 'rich_text_preformatted'],
  ...['line', 'bar', 'area'],
  ...['plain_text_input', 'static_select', 'external_select'],
])
/** Sent back to us, never shown. */
const UNSEEN_KEYS = new Set(['value', 'action_id', 'block_id', 'type'])

const faultsInEscaped = (text: unknown): string[] => {
  if (typeof text !== 'string') return ['a text that is none']
  return /[<>]|&(?!amp;|lt;|gt;)/.test(text) ? [`unescaped markup in "${text.slice(0, 60)}"`] : []
}

/** Whole elements of ours only: one time, or one known person. */
function faultsInMrkdwn(text: unknown): string[] {
  const time = /^<!date\^\d{1,10}\^(?:\{[a-z_]+\}| at )+\|[\d-]{10} [\d:]{5} UTC>$/
  const known = text === `<@${KNOWN_USER}>` || (typeof text === 'string' && time.test(text))
  return known ? [] : [`mrkdwn that is neither a time nor a known person: ${String(text).slice(0, 60)}`]
}

function* nodes(value: unknown, path: string): Generator<{ node: Record<string, unknown>; path: string }> {
  if (Array.isArray(value)) for (const [at, one] of value.entries()) yield* nodes(one, `${path}/${at}`)
  else if (typeof value === 'object' && value !== null) {
    const node = value as Record<string, unknown> // an object's own keys are strings
    yield { node, path }
    for (const [key, one] of Object.entries(node)) yield* nodes(one, `${path}/${key}`)
  }
}
