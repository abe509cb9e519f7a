import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const css = readFileSync(new URL('../../web/src/style/base.css', import.meta.url), 'utf8')
const colours = new Map(
  [...css.matchAll(/--([\w-]+):\s*light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
    ([, name = '', light = '', dark = '']) => [name, { light, dark }],
  ),
)
const THEMES = ['light', 'dark'] as const

/** Relative luminance, 0–1 (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance). */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

function of(name: string, theme: (typeof THEMES)[number]): string {
  const found = colours.get(name)?.[theme]
  if (!found) throw new Error(`base.css has no colour ${name}`)
  return found
}

test('every colour of text is readable on every ground it may stand on, by day and by night (WCAG 2.2, 1.4.3)', () => {
  const grounds = [
    'ground',
    'surface',
    'raised',
    'sunken',
    'hover',
    'accent-soft',
    'good-soft',
    'warn-soft',
    'bad-soft',
  ]
  const hard = THEMES.flatMap((theme) => [
    ...['text', 'muted', 'faint', 'accent', 'good', 'warn', 'bad'].flatMap((text) =>
      grounds.map(
        (ground) => [`${text} on ${ground}, ${theme}`, contrast(of(text, theme), of(ground, theme))] as const,
      ),
    ),
    ...['accent-solid', 'accent-solid-hover', 'bad-solid'].map(
      (solid) => [`white on ${solid}, ${theme}`, contrast('#ffffff', of(solid, theme))] as const,
    ),
  ]).filter(([, ratio]) => ratio < 4.5)
  expect(hard).toEqual([])
})
