import type { FileRef } from '../../../core/card.ts'
import type { KnownBlock, RichTextBlock, RichTextBlockElement, RichTextElement, RichTextSection } from './kit.ts'
import { LIMITS } from './limits.ts'
import { cutElements, literal, shownLength } from './words.ts'

/** One block of a card, drawn. */
export interface Piece {
  readonly blocks: readonly KnownBlock[]
  /** What was cut, or is kept as a file anyway. */
  readonly files: readonly FileRef[]
  /** Something of it is not shown, and in none of its files either. */
  readonly cut: boolean
  /** Characters it takes of what tables may hold. */
  readonly tableCharacters?: number
  /** Charts it takes of what a message may hold. */
  readonly charts?: number
}

const ATTACHED = ', whole text attached'
export const moreCharacters = (left: number, where = ATTACHED): string =>
  `… ${left.toLocaleString('en')} more ${left === 1 ? 'character' : 'characters'}${where}`
export const moreLines = (left: number, where = ATTACHED): string =>
  `… ${left.toLocaleString('en')} more ${left === 1 ? 'line' : 'lines'}${where}`

export const rich = (elements: RichTextBlockElement[]): RichTextBlock => ({ type: 'rich_text', elements })
export const section = (elements: readonly RichTextElement[]): RichTextSection => ({
  type: 'rich_text_section',
  elements: elements.length > 0 ? joined(elements) : [{ type: 'text', text: ' ' }],
})

/** Neighbours of one style are one element: less to send, and less of what a message may weigh. */
function joined(elements: readonly RichTextElement[]): RichTextElement[] {
  const all: RichTextElement[] = []
  for (const element of elements) {
    const last = all.at(-1)
    if (
      element.type === 'text' &&
      last?.type === 'text' &&
      JSON.stringify(element.style) === JSON.stringify(last.style)
    )
      all[all.length - 1] = { ...last, text: last.text + element.text }
    else all.push(element)
  }
  return all
}

/** Lines below each other, together no longer than Slack takes; what does not fit is said, and `where` it is. */
export function lines(all: readonly (readonly RichTextElement[])[], where = ATTACHED): Piece {
  const { shown, notes } = fitting(all, where)
  const elements = shown.flatMap((line, at) => (at === 0 ? line : [...literal('\n'), ...line]))
  if (elements.length === 0 && notes.length === 0) return { blocks: [], files: [], cut: false }
  const said = notes.flatMap((note) => literal(`\n${note}`, { italic: true }))
  return { blocks: [rich([section([...elements, ...said])])], files: [], cut: notes.length > 0 }
}

/** The same as a list with bullets. */
export function bullets(all: readonly (readonly RichTextElement[])[], where = ATTACHED): Piece {
  const { shown, notes } = fitting(all, where)
  if (shown.length === 0) return { blocks: [], files: [], cut: notes.length > 0 }
  const list = { type: 'rich_text_list' as const, style: 'bullet' as const, elements: shown.map(section) }
  const said = notes.map((note) => section(literal(note, { italic: true })))
  return { blocks: [rich([list, ...said])], files: [], cut: notes.length > 0 }
}

function fitting(all: readonly (readonly RichTextElement[])[], where: string) {
  const shown: RichTextElement[][] = []
  let room = LIMITS.text - 100
  for (const [at, line] of all.entries()) {
    const { kept, left } = cutElements(line, room)
    if (left > 0 && at > 0) return { shown, notes: [moreLines(all.length - at, where)] }
    shown.push(kept)
    const notes = [
      ...(left > 0 ? [moreCharacters(left, where)] : []),
      ...(left > 0 && all.length > 1 ? [moreLines(all.length - 1, where)] : []),
    ]
    if (notes.length > 0) return { shown, notes }
    room -= shownLength(kept) + 1
  }
  return { shown, notes: [] }
}
