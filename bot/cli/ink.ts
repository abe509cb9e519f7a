/** How parts of a card look. Without colour every one of them is the text itself. */
export interface Ink {
  bold(text: string): string
  faint(text: string): string
  accent(text: string): string
  good(text: string): string
  warn(text: string): string
  bad(text: string): string
}

const code = (open: number, close: number) => (text: string) => `\u001b[${open}m${text}\u001b[${close}m`
const same = (text: string) => text

const COLOURED: Ink = {
  bold: code(1, 22),
  faint: code(2, 22),
  accent: code(36, 39),
  good: code(32, 39),
  warn: code(33, 39),
  bad: code(31, 39),
}
const PLAIN: Ink = { bold: same, faint: same, accent: same, good: same, warn: same, bad: same }

/** ECMA-48 SGR colours, or none. */
export const inkOf = (colour: boolean): Ink => (colour ? COLOURED : PLAIN)
