import { fileURLToPath } from 'node:url'
import { buildCatalog } from '../core/catalog/build.ts'
import { loadConfig } from '../core/config.ts'
import { isReady } from '../core/interpretation.ts'
import { isChange } from '../core/skill.ts'
import { loadSpokenSkills } from '../core/skill-set.ts'
import { atLeast, type BenchOptions, below, rounded, spread } from './report.ts'
import { readSentences, readUnderstandingTest } from './understand/lines.ts'
import { noiseTexts } from './understand/noise.ts'
import { sameInput } from './understand/same.ts'
import {
  type Read,
  scoreLanguages,
  scoreNoise,
  scoreNoRequests,
  scoreRequests,
  scoreUnclear,
} from './understand/score.ts'

/** When the sentences of the test were said, and by whom (its README). */
const NOW = new Date('2026-11-18T14:05:00Z')
const SPEAKER = { timezone: 'Europe/Berlin' }
const SKILLS = fileURLToPath(new URL('../skills', import.meta.url))
const catalogFile = (folder: string) => fileURLToPath(new URL(`understand/${folder}catalog.yaml`, import.meta.url))
/** Sentences of companies other than the test's: those that work on the reader looks at, and those of which only counts are looked at. */
const OTHERS = [
  ...['clinic', 'parcels', 'streaming', 'energy', 'bank', 'airline', 'newsroom'].map((name) => `practice/${name}/`),
  ...['gamestudio', 'logistics'].map((name) => `held/${name}/`),
]

/** How rightly plain sentences are understood with no model configured, on a test written before the reader and by other hands. */
export default async function understanding({ short, say }: BenchOptions) {
  const test = readUnderstandingTest()
  const part = <Line>(lines: readonly Line[]) => (short ? lines.filter((_, index) => index % 10 === 0) : lines)
  const skills = await loadSpokenSkills(SKILLS)
  const changes = new Set(skills.filter((skill) => isChange(skill)).map((skill) => skill.name))
  const before = process.memoryUsage.rss()
  const { createNameIndex } = await import('../bot/people/names.ts')
  const { understand, warmReader } = await import('../bot/understand/understand.ts')
  const company = (folder: string) => {
    const config = loadConfig({ file: catalogFile(folder) })
    const peopleNamed = createNameIndex(config.people.map((person) => ({ ...person, active: true })))
    return { skills, catalog: buildCatalog(config, []), peopleNamed, now: NOW, person: SPEAKER }
  }
  const { shareForModel } = await import('./understand/worth-a-model.ts')
  const options = company('')
  const started = performance.now()
  // What the program does before it listens; left to the first sentence, its second of training would stand among the sentences' times.
  warmReader(options)
  const startMs = performance.now() - started
  const times: number[] = []
  const read: Read = (text) => {
    const from = performance.now()
    const found = understand(text, options)
    times.push(performance.now() - from)
    return found
  }
  const requests = scoreRequests(part(test.requests), read, say)
  const commandsOnly = part(test.requests).filter(({ text, skill, input }) => {
    const found = understand(text, options)
    return found.by === 'command' && found.skill === skill && isReady(found) && sameInput(skill, found.input, input)
  }).length
  const unclear = scoreUnclear(part(test.unclear), read, changes, say)
  const noRequests = scoreNoRequests(part(test.noRequests), read, changes, say)
  const languages = scoreLanguages(part(test.languages), read, changes, say)
  const forModel = shareForModel(test, (text) => understand(text, options), skills)
  say(`a language model would be asked for: ${JSON.stringify(forModel)}`)
  const noise = scoreNoise(noiseTexts(short ? 1_000 : 50_000), (text) => understand(text, options), changes, say)
  const addedMb = (process.memoryUsage.rss() - before) / 2 ** 20
  const others = short ? [] : OTHERS.map((folder) => scoreOther(folder, company(folder)))
  for (const other of others) say(`other company: ${JSON.stringify(other)}`)
  const sentenceMs = spread(times)
  say(
    `baseline, the command form alone: ${rounded((commandsOnly / part(test.requests).length) * 100)} % of the requests`,
  )
  say(`start ${rounded(startMs)} ms, a sentence ${JSON.stringify(sentenceMs)} ms, added memory ${rounded(addedMb)} MB`)
  if (short && requests.right === 0) throw new Error('Not one request was read rightly.')
  if (short && noRequests.dangerous > 0) throw new Error('A change was ready to run from something that is no request.')
  return {
    bars: [
      atLeast('requests read exactly right', requests.rightPercent, 95, '%'),
      below('needless questions', requests.questionPercent, 5.0001, '%'),
      atLeast('dangerous ambiguity not ready to run', unclear.heldPercent, 100, '%'),
      atLeast('dangerous ambiguity asked back', unclear.askedPercent, 100, '%'),
      below('changes ready to run from what is no request', noRequests.dangerous, 1, ''),
      below('other languages: misread', languages.misread, 1, ''),
      below('random texts that failed or changed something', noise.failed + noise.ready, 1, ''),
      below('p50 of a sentence', sentenceMs.p50, 10),
      below('p99 of a sentence', sentenceMs.p99, 50),
      below('added memory', addedMb, 150, 'MB'),
    ],
    detail: {
      requests,
      unclear,
      noRequests,
      languages,
      forModel,
      others,
      noise,
      startMs: rounded(startMs),
      sentenceMs,
      commandsOnly,
    },
    skipped: [],
  }

  /** Counts alone: how they stand says what a sentence is worth that nobody has worked on. */
  function scoreOther(folder: string, there: ReturnType<typeof company>) {
    const lines = readSentences(folder)
    const readThere: Read = (text) => understand(text, there)
    const quiet = () => {}
    const { right, rightPercent, questionPercent } = scoreRequests(lines.requests, readThere, quiet)
    const { dangerous, held, asked } = scoreUnclear(lines.unclear, readThere, changes, quiet)
    const noRequests = scoreNoRequests(lines.noRequests, readThere, changes, quiet)
    return {
      folder,
      requests: { right, of: lines.requests.length, rightPercent, questionPercent },
      unclear: { of: dangerous, notReady: held, asked },
      noRequests: { of: noRequests.count, ready: noRequests.dangerous },
    }
  }
}
