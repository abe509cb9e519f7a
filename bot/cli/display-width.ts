// Wide: East Asian full width (UAX #11, the large blocks of it) and emoji. Good to a column for what cards hold.
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u
const NONE = /\p{M}|\u200d/u

/** Columns that a text without control characters takes in a terminal. */
export function displayWidth(text: string): number {
  let width = 0
  for (const char of text) width += NONE.test(char) ? 0 : WIDE.test(char) ? 2 : 1
  return width
}

/** Spaces added on the right up to `width` columns. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)))
}

/** Cut to `width` columns, with `…` where something was cut off. */
export function cutTo(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  let cut = ''
  let used = 0
  for (const char of text) {
    const next = displayWidth(char)
    if (used + next > width - 1) break
    cut += char
    used += next
  }
  return `${cut}…`
}

/** Lines of at most `width` columns, broken at spaces where there are any; a longer word is broken inside. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, Math.max(4, width)))
}

function wrapLine(line: string, width: number): string[] {
  const lines: string[] = []
  let current = ''
  for (const word of line.split(/(?<=\s)/)) {
    if (displayWidth(current) + displayWidth(word.trimEnd()) > width && current.trim() !== '') {
      lines.push(current.trimEnd())
      current = ''
    }
    for (const char of word) {
      if (displayWidth(current) + displayWidth(char) > width && char !== ' ') {
        lines.push(current)
        current = ''
      }
      current += char
    }
  }
  lines.push(current.trimEnd())
  return lines
}
