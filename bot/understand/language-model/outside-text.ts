/** A text taken apart: what the person says, and what they quoted or pasted from elsewhere. */
export interface Spoken {
  readonly said: string
  readonly outside: readonly string[]
}

const FENCED = /```[^\n`]*\n?([\s\S]*?)(?:```|$)/g
const QUOTED_LINES = /^[^\S\n]*>.*(?:\n[^\S\n]*>.*)*$/gm
const LINK = /<?\b[a-z][a-z0-9+.-]*:\/\/[^\s<>"']+>?/gi

/**
 * Code blocks, quoted lines and links are somebody else's words, or may be: they are taken out and leave a mark. Inline `code` stays,
 * since that is how people write names.
 */
export function splitOutside(text: string): Spoken {
  const outside: string[] = []
  const takeOut = (piece: string): string => {
    const trimmed = piece.trim()
    if (!trimmed) return ' '
    outside.push(trimmed)
    return ` [outside ${outside.length}] `
  }
  const said = text
    .replace(FENCED, (_, inside: string) => takeOut(inside))
    .replace(QUOTED_LINES, (lines) => takeOut(lines.replace(/^[^\S\n]*>[^\S\n]?/gm, '')))
    .replace(LINK, takeOut)
  return { said: said.replace(/[^\S\n]+/g, ' ').trim(), outside }
}

/** Whether anything is left that a person said. */
export const saysSomething = ({ said }: Spoken): boolean => /\p{L}|\p{N}/u.test(said.replace(/\[outside \d+\]/g, ''))
