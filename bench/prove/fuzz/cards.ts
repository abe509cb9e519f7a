import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { renderText } from '../../../bot/cli/render-text.ts'
import type { Card } from '../../../core/card.ts'
import { visibleLine } from '../../../core/visible-text.ts'
import { SAMPLE_CARDS } from '../../../test/web/sample-cards.ts'
import { type Random, randomFrom } from '../frame/random.ts'
import type { Breach, ProveOptions, Sabotage } from '../prover.ts'
import { hiddenIn, hostileText } from './hostile.ts'
import { faultsInHtml, skeletonOf } from './html.ts'
import { openPageRenderer } from './page-renderer.ts'
import { faultsInSlack } from './slack.ts'
import { faultsInTeams } from './teams.ts'

/** Surfaces whose renderers are tried here. A new folder of bot/ that renders cards has to be added, or this prover fails. */
const TRIED = ['cli', 'slack', 'teams', 'web']
const NOT_SURFACES = ['conversation', 'deliver', 'people', 'understand']
const PROMISE = 'hostile text changes nothing on a card'
const MOST_TOLD = 5

/** Hostile strings in every place of every kind of card, through every renderer. */
export async function fuzzCards(options: ProveOptions, strings: number, sabotage: Sabotage | undefined) {
  const breaches = untried()
  const page = await openPageRenderer(sabotage)
  const samples: readonly Card[] = Object.values(SAMPLE_CARDS)
  const told = new Set<string>()
  try {
    for (let index = 0; index < strings; index += 1) {
      const seed = (options.seed + index) >>> 0
      const random = randomFrom(seed)
      const text = hostileText(random)
      const sample = samples[index % samples.length]
      if (!sample) throw new Error('There are no sample cards.')
      const card = poisoned(sample, text, random)
      const tame = poisoned(sample, 'tame', randomFrom(seed))
      const html = page.html(card, text)
      const faults = [
        ...faultsInHtml(html),
        ...faultsInTerminal(card),
        ...faultsInSlack(card),
        ...faultsInTeams(card, tame),
      ]
      if (skeletonOf(html) !== skeletonOf(page.html(tame, 'tame'))) faults.push('page: it became other elements')
      for (const fault of faults) {
        const kind = fault.replace(/U\+\w+|\d+/g, '')
        if (told.has(kind) || told.size >= MOST_TOLD) continue
        told.add(kind)
        breaches.push({
          promise: PROMISE,
          what: `${fault}, by ${visibleLine(JSON.stringify(text)).slice(0, 160)}`,
          seed,
        })
      }
    }
  } finally {
    await page.close()
  }
  return { breaches, tried: strings }
}

function untried(): Breach[] {
  const folders = readdirSync(join(import.meta.dirname, '../../../bot'), { withFileTypes: true })
  return folders
    .filter((entry) => entry.isDirectory() && ![...TRIED, ...NOT_SURFACES].includes(entry.name))
    .map(({ name }) => ({ promise: PROMISE, what: `the renderer of bot/${name} is not tried by this prover` }))
}

/** Names of fields whose strings are ours and mean something; every other string of a card is free text. */
const OURS = new Set([
  'kind',
  'tone',
  'type',
  'shape',
  'state',
  'style',
  'verb',
  'show',
  'mediaType',
  'person',
  'payload',
])

/** The card with the text in every place where a text may stand; a time every now and then too. */
function poisoned(card: Card, text: string, random: Random): Card {
  const inTimes = random.below(3) === 0
  const walk = (value: unknown, name: string): unknown => {
    if (typeof value === 'string') return OURS.has(name) || (name === 'time' && !inTimes) ? value : text
    if (Array.isArray(value)) return value.map((part) => walk(part, name))
    if (typeof value !== 'object' || value === null || OURS.has(name)) return value
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, walk(part, key)]))
  }
  // Only strings were replaced by strings.
  return walk(card, '') as Card
}

function faultsInTerminal(card: Card): string[] {
  const numbers = card.actions?.map((_, at) => at + 1)
  const options = { now: new Date(), timezone: 'utc', width: 100, ...(numbers ? { numbers } : {}) }
  const faults: string[] = []
  for (const colour of [false, true]) {
    const drawn = renderText(card, { ...options, colour })
    // What the terminal's own ink writes; hostile text must not be able to.
    const plain = colour ? drawn.replace(INK, '') : drawn
    const hidden = hiddenIn(plain)
    if (hidden) faults.push(`terminal${colour ? ' in colour' : ''}: ${hidden} came out`)
    if (colour) continue
    const buttons = plain.split('\n').flatMap((line) => (GUTTER.test(line) ? [] : [...line.matchAll(BUTTON)]))
    if (buttons.length !== (numbers?.length ?? 0))
      faults.push(`terminal: ${buttons.length} buttons are drawn where the card has ${numbers?.length ?? 0}`)
  }
  return faults
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the ink is one
const INK = /\u001b\[(?:0|1|2|22|39|3[1-6]|9[0-7])m/g
/** Marked as somebody else's words. */
const GUTTER = /^\s*│/
const BUTTON = /\[\d{1,4}\]/g
