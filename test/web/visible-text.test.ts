import { describe, expect, test } from 'vitest'
import * as ours from '../../core/visible-text.ts'
import * as pages from '../../web/src/visible-text.ts'

describe('visible text', () => {
  test('shows what would hide, reorder or erase by its code point', () => {
    expect(pages.visibleText('a\u202Eb')).toBe('a⟨U+202E⟩b')
    expect(pages.visibleText('\u001B[31mred')).toBe('⟨U+001B⟩[31mred')
    expect(pages.visibleText('zero\u200Bwidth\uFEFF')).toBe('zero⟨U+200B⟩width⟨U+FEFF⟩')
    expect(pages.visibleText('tag\u{E0041}')).toBe('tag⟨U+E0041⟩')
  })

  test('shows texts that are hidden in variation selectors and joiners', () => {
    expect(pages.visibleText('🙂\u{E0148}\u{E0149}')).toBe('🙂⟨U+E0148⟩⟨U+E0149⟩')
    expect(pages.visibleText('app\u200Drove\uFE0F')).toBe('app⟨U+200D⟩rove⟨U+FE0F⟩')
    expect(pages.visibleText('❤\uFE0F\uFE0E\u200D')).toBe('❤\uFE0F⟨U+FE0E⟩⟨U+200D⟩')
    expect(pages.visibleText('a\uFFF2b\u034Fc\u{1D173}')).toBe('a⟨U+FFF2⟩b⟨U+034F⟩c⟨U+1D173⟩')
  })

  test('leaves what people write alone', () => {
    for (const text of [
      'naïve café',
      'שלום',
      'नमस्ते',
      '👩‍🚒 fine',
      '🏳️‍🌈 1️⃣ ☎︎',
      'क्‍ष',
      'tab\there',
      'two\nlines',
      '1.4.2 → 1.4.3',
    ])
      expect(pages.visibleText(text)).toBe(text)
  })

  test('makes one line of many, visibly', () => {
    expect(pages.visibleLine('one\r\n  two')).toBe('one ⏎ two')
  })

  test('means the same on the page and in the terminal, for every code point', () => {
    for (let point = 0; point <= 0x10ffff; point += 1) {
      if (point >= 0xd800 && point <= 0xdfff) continue
      const char = String.fromCodePoint(point)
      for (const text of [`a${char}b`, `🙂${char}\u200D🚒`])
        if (pages.visibleText(text) !== ours.visibleText(text)) expect.fail(`they differ at U+${point.toString(16)}`)
    }
  })
})
