/**
 * Text from anywhere, made safe to read: characters that hide, reorder or erase what stands beside them are shown by
 * their code point. Markup is each surface's own business. The page (web/), which imports nothing of ours, has its twin;
 * test/web/visible-text.test.ts holds the two equal.
 */
export function visibleText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(UNSEEN, (char) => `⟨U+${hex(char)}⟩`)
}

/** Whether it would stay as it is. */
export const isVisible = (text: string): boolean => text.search(UNSEEN) < 0 && !text.includes('\r')

/** The same on one line, for titles and labels. */
export function visibleLine(text: string): string {
  return visibleText(text).replace(/\s*\n\s*/g, ' ⏎ ')
}

// Controls but tab and newline; soft hyphen and fillers; zero-width and bidi marks; line separators; tag characters.
// The joiner U+200D stays between emoji and letters that need it.
const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is what it is for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu

function hex(char: string): string {
  return (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
}
