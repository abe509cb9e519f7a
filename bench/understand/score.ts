import { type Interpretation, isReady } from '../../core/interpretation.ts'
import { type BenchOptions, rounded } from '../report.ts'
import { isOpen, type UnderstandingTest as Lines } from './lines.ts'
import { sameInput } from './same.ts'

export type Read = (text: string) => Interpretation

const brief = (found: Interpretation) =>
  `${found.skill ?? 'no request'} ${JSON.stringify(found.input)}${['missing', 'ambiguous', 'invalid']
    .map((key) => found[key as 'missing' | 'ambiguous' | 'invalid']) // the three names are those of Interpretation
    .map((names, index) => (names.length ? ` ${['missing', 'ambiguous', 'invalid'][index]} ${names.join(',')}` : ''))
    .join('')} (${found.confidence})`

const percent = (part: number, whole: number) => rounded((part / Math.max(1, whole)) * 100)

export function scoreRequests(lines: Lines['requests'], read: Read, say: BenchOptions['say']) {
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

export function scoreUnclear(
  lines: Lines['unclear'],
  read: Read,
  changes: ReadonlySet<string>,
  say: BenchOptions['say'],
) {
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

export function scoreNoRequests(
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

export function scoreLanguages(
  lines: Lines['languages'],
  read: Read,
  changes: ReadonlySet<string>,
  say: BenchOptions['say'],
) {
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

export function scoreNoise(
  texts: Iterable<string>,
  read: Read,
  changes: ReadonlySet<string>,
  say: BenchOptions['say'],
) {
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
