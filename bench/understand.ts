import { fileURLToPath } from 'node:url'
import { buildCatalog } from '../core/catalog/build.ts'
import { loadConfig } from '../core/config.ts'
import { type Interpretation, isReady } from '../core/interpretation.ts'
import { isChange } from '../core/skill.ts'
import { loadSpokenSkills } from '../core/skill-set.ts'
import { atLeast, type BenchOptions, below, rounded, spread } from './report.ts'
import { isOpen, readUnderstandingTest } from './understand/lines.ts'
import { noiseTexts } from './understand/noise.ts'
import { sameInput } from './understand/same.ts'

/** When the sentences of the test were said, and by whom (its README). */
const NOW = new Date('2026-11-18T14:05:00Z')
const SPEAKER = { timezone: 'Europe/Berlin' }
const SKILLS = fileURLToPath(new URL('../skills', import.meta.url))
const CATALOG = fileURLToPath(new URL('understand/catalog.yaml', import.meta.url))

type Read = (text: string) => Interpretation

/** How rightly plain sentences are understood with no model configured, on a test written before the reader and by other hands. */
export default async function understanding({ short, say }: BenchOptions) {
  const test = readUnderstandingTest()
  const part = <Line>(lines: readonly Line[]) => (short ? lines.filter((_, index) => index % 10 === 0) : lines)
  const config = loadConfig({ file: CATALOG })
  const skills = await loadSpokenSkills(SKILLS)
  const changes = new Set(skills.filter((skill) => isChange(skill)).map((skill) => skill.name))
  const before = process.memoryUsage.rss()
  const { createNameIndex } = await import('../bot/people/names.ts')
  const { understand } = await import('../bot/understand/understand.ts')
  const { shareForModel } = await import('./understand/worth-a-model.ts')
  const catalog = buildCatalog(config, [])
  const peopleNamed = createNameIndex(config.people.map((person) => ({ ...person, active: true })))
  const options = { skills, catalog, peopleNamed, now: NOW, person: SPEAKER }
  const started = performance.now()
  understand('status', options)
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
      noise,
      startMs: rounded(startMs),
      sentenceMs,
      commandsOnly,
    },
    skipped: [],
  }
}

type Lines = ReturnType<typeof readUnderstandingTest>

const brief = (found: Interpretation) =>
  `${found.skill ?? 'no request'} ${JSON.stringify(found.input)}${['missing', 'ambiguous', 'invalid']
    .map((key) => found[key as 'missing' | 'ambiguous' | 'invalid']) // the three names are those of Interpretation
    .map((names, index) => (names.length ? ` ${['missing', 'ambiguous', 'invalid'][index]} ${names.join(',')}` : ''))
    .join('')} (${found.confidence})`

const percent = (part: number, whole: number) => rounded((part / Math.max(1, whole)) * 100)

function scoreRequests(lines: Lines['requests'], read: Read, say: BenchOptions['say']) {
  const confusion: Record<string, Record<string, number>> = {}
  let right = 0
  let questions = 0
  const halves = { open: [0, 0], closed: [0, 0] } as { open: [number, number]; closed: [number, number] }
  for (const { text, skill, input } of lines) {
    const found = read(text)
    const ready = isReady(found)
    const exact = ready && found.skill === skill && sameInput(skill, found.input, input)
    const row = exact
      ? 'exactly right'
      : found.skill !== skill
        ? (found.skill ?? 'no request')
        : ready
          ? 'wrong input'
          : 'asked'
    confusion[skill] = { ...confusion[skill], [row]: (confusion[skill]?.[row] ?? 0) + 1 }
    const half = halves[isOpen(text) ? 'open' : 'closed']
    half[1]++
    if (exact) {
      right++
      half[0]++
      continue
    }
    if (found.skill !== null && !ready) questions++
    if (isOpen(text)) say(`  ✗ ${text}\n      is ${skill} ${JSON.stringify(input)}\n      read ${brief(found)}`)
  }
  for (const [skill, row] of Object.entries(confusion).sort())
    say(
      `  ${skill.padEnd(12)} ${Object.entries(row)
        .map(([as, count]) => `${as} ${count}`)
        .join(' · ')}`,
    )
  say(
    `requests: ${right} of ${lines.length} exactly right; open half ${halves.open.join('/')}, closed half ${halves.closed.join('/')}`,
  )
  return {
    right,
    rightPercent: percent(right, lines.length),
    questionPercent: percent(questions, lines.length),
    openPercent: percent(...halves.open),
    closedPercent: percent(...halves.closed),
    confusion,
  }
}

function scoreUnclear(lines: Lines['unclear'], read: Read, changes: ReadonlySet<string>, say: BenchOptions['say']) {
  let dangerous = 0
  let held = 0
  let asked = 0
  let rightQuestion = 0
  for (const { text, skill, ask } of lines) {
    if (skill !== null && !changes.has(skill)) continue
    dangerous++
    const found = read(text)
    const ready = isReady(found) && changes.has(found.skill ?? '')
    if (!ready) held++
    const open = [...found.missing, ...found.ambiguous, ...found.invalid]
    // Where even the skill is open, the general hint is the question.
    const asks = !isReady(found) && (found.skill !== null || skill === null)
    if (asks) asked++
    if (asks && (ask.length === 0 || (found.skill === skill && ask.some((name) => open.includes(name)))))
      rightQuestion++
    if ((ready || !asks) && isOpen(text))
      say(`  ${ready ? '‼' : '?'} ${text}\n      is ${skill} asking ${ask.join(',')}\n      read ${brief(found)}`)
  }
  say(`unclear: ${held} of ${dangerous} not ready, ${asked} asked back, ${rightQuestion} with the right question`)
  return {
    heldPercent: percent(held, dangerous),
    askedPercent: percent(asked, dangerous),
    dangerous,
    held,
    asked,
    rightQuestion,
  }
}

function scoreNoRequests(
  lines: Lines['noRequests'],
  read: Read,
  changes: ReadonlySet<string>,
  say: BenchOptions['say'],
) {
  let dangerous = 0
  let quiet = 0
  for (const { text, kind } of lines) {
    const found = read(text)
    if (found.skill === null) quiet++
    if (!isReady(found) || !changes.has(found.skill ?? '')) continue
    dangerous++
    say(
      isOpen(text)
        ? `  ‼ ${kind}: ${text}\n      read ${brief(found)}`
        : `  ‼ ${kind}: (closed half) read ${found.skill}`,
    )
  }
  say(`no requests: ${dangerous} of ${lines.length} ready to change something, ${quiet} left alone`)
  return { dangerous, quiet, count: lines.length }
}

function scoreLanguages(lines: Lines['languages'], read: Read, changes: ReadonlySet<string>, say: BenchOptions['say']) {
  const right: Record<string, number> = {}
  let misread = 0
  for (const { text, language, skill, input } of lines) {
    const found = read(text)
    const exact =
      skill === null
        ? found.skill === null
        : isReady(found) && found.skill === skill && sameInput(skill, found.input, input)
    if (exact) right[language] = (right[language] ?? 0) + 1
    const acts = isReady(found) && (skill !== null || changes.has(found.skill ?? ''))
    if (exact || !acts) continue
    misread++
    say(
      isOpen(text)
        ? `  ‼ ${language}: ${text}\n      read ${brief(found)}`
        : `  ‼ ${language}: (closed half) read ${found.skill}`,
    )
  }
  say(`languages: ${misread} of ${lines.length} misread; right: ${JSON.stringify(right)}`)
  return { misread, right, count: lines.length }
}

function scoreNoise(texts: Iterable<string>, read: Read, changes: ReadonlySet<string>, say: BenchOptions['say']) {
  let count = 0
  let failed = 0
  let ready = 0
  for (const text of texts) {
    count++
    try {
      const found = read(text)
      if (!isReady(found) || !changes.has(found.skill ?? '')) continue
      ready++
      say(`  ‼ noise ${JSON.stringify(text)}\n      read ${brief(found)}`)
    } catch (error) {
      failed++
      say(`  ‼ noise ${JSON.stringify(text)}\n      failed: ${error}`)
    }
  }
  say(`noise: ${count} random texts, ${failed} failed, ${ready} ready to change something`)
  return { count, failed, ready }
}
