import { visibleLine, visibleText } from '../../core/visible-text.ts'

/** Text from anywhere as the terminal shows it: nothing hidden in it, and no `[3]` that could pass for a button's number. */
export const terminalText = (text: string): string => withoutButtons(visibleText(text))

/** The same on one line. */
export const terminalLine = (text: string): string => withoutButtons(visibleLine(text))

/** Lines of machine output or of somebody else's words: verbatim, because every line of them is marked as such. */
export const MARGIN = '│ '

const withoutButtons = (text: string): string => text.replace(/\[(\d{1,4})\]/g, '($1)')
