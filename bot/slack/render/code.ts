import type { Block, FileRef } from '../../../core/card.ts'
import { cutTo, LIMITS } from './limits.ts'
import { type Piece, rich, section } from './piece.ts'
import { literal, safeLine, safeText } from './words.ts'

/** What a phone shows without an evening of scrolling. */
const CODE_LINES = 30
const CODE_CHARACTERS = LIMITS.text - 200
const LINE_CHARACTERS = 600

/** Machine output, as it came. Its end is what tells, so the beginning gives way; what is not shown is said, and the whole is attached. */
export function codePiece({ text, truncated = 0, file }: Extract<Block, { type: 'code' }>): Piece {
  const all = safeText(text).replace(/\n+$/, '').split('\n')
  const { shown, shortened } = lastLines(all)
  const left = all.length - shown.length
  const cut = left > 0 || shortened
  const kept: FileRef | undefined =
    file ?? (cut ? { name: 'output.txt', mediaType: 'text/plain', content: text } : undefined)
  const before = left + truncated
  const where = kept ? `${file ? `all of it in ${safeLine(file.name)}` : 'whole text'}, attached` : ''
  const said = [
    before > 0 ? `… ${before.toLocaleString('en')} ${before === 1 ? 'line' : 'lines'} before` : '',
    shortened ? 'long lines are cut' : '',
    where,
  ].filter(Boolean)
  const output = {
    type: 'rich_text_preformatted' as const,
    elements: [{ type: 'text' as const, text: shown.join('\n') || '(empty)' }],
  }
  const note = said.length > 0 ? [section(literal(said.join('; '), { italic: true }))] : []
  return { blocks: [rich([...note, output])], files: kept ? [kept] : [], cut: false }
}

/** As many of the last lines as fit, each cut visibly where it alone is a page. */
function lastLines(all: readonly string[]): { shown: string[]; shortened: boolean } {
  const shown: string[] = []
  let room = CODE_CHARACTERS
  let shortened = false
  for (const line of all.slice(-CODE_LINES).reverse()) {
    const short = cutTo(line, LINE_CHARACTERS)
    room -= short.length + 1
    if (room < 0) break
    shortened ||= short !== line
    shown.unshift(short)
  }
  return { shown, shortened }
}
