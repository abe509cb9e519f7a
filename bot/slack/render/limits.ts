/**
 * What Slack takes at most, by its reference (https://docs.slack.dev/reference/block-kit). One message is refused as a whole
 * ("invalid_blocks") where any of these is passed.
 */
export const LIMITS = {
  /** https://docs.slack.dev/reference/block-kit/blocks */
  blocks: 50,
  viewBlocks: 100,
  /** block_id, action_id and callback_id, each on its page */
  id: 255,
  /** …/blocks/header-block */
  header: 150,
  /** …/blocks/actions-block */
  actions: 25,
  /** …/blocks/context-block */
  contextElements: 10,
  /** …/block-elements/button-element */
  buttonLabel: 75,
  buttonValue: 2_000,
  /** …/composition-objects/confirmation-dialog-object */
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  /** …/composition-objects/text-object; also what a section takes */
  text: 3_000,
  /** …/composition-objects/option-object; its value may be longer than this by some pages, never shorter */
  option: 75,
  /** …/block-elements/select-menu-element */
  options: 100,
  /** …/block-elements/plain-text-input-element */
  placeholder: 150,
  inputLength: 3_000,
  /** …/blocks/input-block */
  inputLabel: 2_000,
  /** …/surfaces/modals */
  viewTitle: 24,
  metadata: 3_000,
  /** …/blocks/data-table-block: the header is one more row; the characters are those of all tables of a message */
  tableRows: 100,
  tableColumns: 20,
  tableCharacters: 10_000,
  /** …/blocks/data-visualization-block: its titles, and the names of its series and points */
  charts: 2,
  chartTitle: 50,
  chartName: 20,
  /** …/messaging/sending-and-scheduling-messages#text-streaming: what a task and a plan are called */
  chunk: 256,
} as const

/**
 * `msg_blocks_too_long` has no number in the reference: about 12,000 characters of text "with a buffer for block containers"
 * (slackapi/bolt-js#2509), and it was met at 11,341 (#2867). We stay below, counting every object as some characters too.
 */
export const MESSAGE_WEIGHT = 10_500
const OBJECT_WEIGHT = 30

/**
 * What blocks weigh against MESSAGE_WEIGHT: their text, and something for every object around it, but for the cells of a table and the points of a
 * chart, of which Slack allows thousands. Values of buttons are no text.
 */
export function weightOf(value: unknown, objectWeight = OBJECT_WEIGHT): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + weightOf(one, objectWeight), 0)
  if (typeof value !== 'object' || value === null) return 0
  const holdsMany = 'type' in value && (value.type === 'data_table' || value.type === 'data_visualization')
  const inside = holdsMany ? 0 : objectWeight
  return Object.entries(value).reduce(
    (sum, [key, one]) => sum + (key === 'text' && typeof one === 'string' ? one.length : weightOf(one, inside)),
    objectWeight,
  )
}

/** At most `length` UTF-16 units, never half a surrogate pair, with `…` where something is gone. */
export function cutTo(text: string, length: number): string {
  return text.length <= length ? text : `${headOf(text, Math.max(0, length - 1))}…`
}

/** The first `length` units, one less where that would split a character, or take a mark from the letter it stands on. */
export function headOf(text: string, length: number): string {
  if (text.length <= length) return text
  let end = length
  while (end > 0 && end > length - LONGEST_CLUSTER && continues(text, end)) end -= 1
  // A pile of marks longer than any letter of a language: only the pair is kept whole.
  if (end === 0 || end === length - LONGEST_CLUSTER)
    end = /[\udc00-\udfff]/.test(text[length] ?? '') ? length - 1 : length
  return text.slice(0, end).replace(/\u200d+$/, '')
}

const LONGEST_CLUSTER = 12
const JOINS = /^(?:\p{M}|\p{Emoji_Modifier}|\u200d|\ufe0e|\ufe0f)/u

/** Whether what begins at `at` belongs to the character before it. */
function continues(text: string, at: number): boolean {
  if (/[\udc00-\udfff]/.test(text[at] ?? '') && /[\ud800-\udbff]/.test(text[at - 1] ?? '')) return true
  return JOINS.test(text.slice(at, at + 2)) || text[at - 1] === '\u200d'
}
