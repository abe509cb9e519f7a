/**
 * Text from anywhere, made safe to read: characters that hide, reorder or erase what stands beside them are shown by
 * their code point. Markup needs no care here; the page only ever writes text nodes.
 */
export function visibleText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(UNSEEN, (char) => `⟨U+${hex(char)}⟩`)
}

/** The same on one line, for titles and labels. */
export function visibleLine(text: string): string {
  return visibleText(text).replace(/\s*\n\s*/g, ' ⏎ ')
}

// Controls but tab and newline; soft hyphen, fillers and whatever else is drawn as nothing (Unicode's Default_Ignorable_Code_Point); zero-width
// and bidi marks; line separators; tag characters and variation selectors, in which whole texts can be hidden. A selector stays behind an
// emoji, the joiner U+200D between emoji and behind the letters of India that need it.
const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is what it is for
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each is meant alone
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]|(?<!\p{Emoji})[\ufe0e\ufe0f]|(?<![\u094d\u09cd\u0a4d\u0acd\u0b4d\u0c4d\u0ccd\u0d4d\u0dca])(?!(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}]|\p{Emoji}\ufe0f)\u200d\p{Extended_Pictographic})\u200d/gu

function hex(char: string): string {
  return (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
}
