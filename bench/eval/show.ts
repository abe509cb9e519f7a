import { rounded } from '../report.ts'
import { isOpen } from '../understand/lines.ts'
import type { Evaluation } from './evaluate.ts'
import type { Marked, Tally } from './score.ts'

const share = (part: number, whole: number) => `${rounded((part / Math.max(1, whole)) * 100)} %`

/**
 * The evaluation as lines for people; with `misses`, also those lines that were not read rightly and that work on the reader may look at
 * (the open half, bench/understand/lines.ts).
 */
export function showEvaluation({ files, spent }: Evaluation, misses: boolean): readonly string[] {
  const lines: string[] = []
  for (const { name, tally, skills, missed } of files) {
    lines.push(`${name}: ${sayTally(tally)}`)
    for (const [skill, one] of skills) lines.push(`  ${skill.padEnd(12)} ${sayMarks(one)}`)
    if (misses) lines.push(...missed.filter(({ line }) => isOpen(line.text)).map(sayMiss))
  }
  const { calls, failed, inputTokens, outputTokens, costUsd, p50Ms, p95Ms } = spent
  const tokens = `${inputTokens.toLocaleString('en-US')} tokens in, ${outputTokens.toLocaleString('en-US')} out`
  lines.push(`model: ${calls} questions, ${failed} without an answer; ${tokens}; ${sayCost(costUsd, calls)}`)
  if (calls > failed) lines.push(`latency of an answer: p50 ${Math.round(p50Ms)} ms, p95 ${Math.round(p95Ms)} ms`)
  return lines
}

const sayCost = (costUsd: number | undefined, calls: number) =>
  costUsd === undefined
    ? 'cost unknown (name a price: --price IN,OUT in USD for a million tokens)'
    : `${costUsd.toFixed(4)} USD, ${((costUsd / Math.max(1, calls)) * 1_000).toFixed(3)} USD for a thousand questions`

const sayTally = (tally: Tally) =>
  `${share(tally.marks.right, tally.count)} right (${tally.marks.right} of ${tally.count}); asked back ${tally.marks.asked}, not taken as a request ${tally.marks['not taken']}, misread ${tally.marks.wrong}, a change ready that nobody asked for ${tally.marks.dangerous}; the model read ${tally.asked - tally.silent}${tally.silent ? `, was silent for ${tally.silent}` : ''}`

const sayMarks = ({ count, marks }: Tally) =>
  Object.entries(marks)
    .flatMap(([mark, of]) => (of > 0 ? [`${mark} ${of}`] : []))
    .concat(`of ${count}`)
    .join(' · ')

function sayMiss({ line, reading, mark }: Marked): string {
  const { skill, input, missing, ambiguous, invalid, by } = reading.interpretation
  const asks = [...missing, ...ambiguous, ...invalid]
  const read = `${skill ?? 'no request'} ${JSON.stringify(input)}${asks.length ? ` asking ${asks.join(', ')}` : ''} (${by})`
  const meant =
    line.kind === 'none'
      ? 'no request'
      : `${line.skill ?? 'any'} ${JSON.stringify(line.kind === 'request' ? line.input : line.ask)}`
  return `  ✗ ${mark}: ${line.text}\n      is ${meant}\n      read ${read}${reading.silent ? `; ${reading.silent}` : ''}`
}
