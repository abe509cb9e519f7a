import { basename } from 'node:path'
import type { ModelSpending } from '../../core/ports/language-model.ts'
import { percentile } from '../report.ts'
import { readLines } from './lines.ts'
import type { EvalReader } from './reading.ts'
import { bySkill, type Marked, markOf, type Tally, tallyOf } from './score.ts'

export interface Evaluation {
  readonly files: readonly {
    readonly name: string
    readonly tally: Tally
    readonly skills: ReadonlyMap<string, Tally>
    readonly missed: readonly Marked[]
  }[]
  readonly spent: Spent
}

interface Spent {
  readonly calls: number
  readonly failed: number
  readonly inputTokens: number
  readonly outputTokens: number
  /** Undefined while no price was named. */
  readonly costUsd: number | undefined
  readonly p50Ms: number
  readonly p95Ms: number
}

/** Reads every line of the files with the reader, `sideBySide` at a time, and marks it. */
export async function evaluate(options: {
  readonly files: readonly string[]
  readonly reader: EvalReader
  readonly sideBySide: number
  /** Only the first so many lines of each file. */
  readonly limit?: number
}): Promise<Evaluation> {
  const { reader, sideBySide, limit } = options
  const files: Evaluation['files'][number][] = []
  for (const file of options.files) {
    const lines = readLines(file).slice(0, limit)
    const marked: Marked[] = new Array(lines.length)
    let next = 0
    const work = async () => {
      for (let at = next++; at < lines.length; at = next++) {
        const line = lines[at]
        if (!line) return
        const reading = await reader.read(line.text)
        marked[at] = { line, reading, mark: markOf(line, reading, reader.changes) }
      }
    }
    await Promise.all(Array.from({ length: sideBySide }, work))
    const missed = marked.filter(({ mark }) => mark !== 'right')
    files.push({ name: basename(file), tally: tallyOf(marked), skills: bySkill(marked), missed })
  }
  return { files, spent: spentOf(reader.spent) }
}

function spentOf(all: readonly ModelSpending[]): Spent {
  const sum = (of: (one: ModelSpending) => number) => all.reduce((total, one) => total + of(one), 0)
  const answered = all.filter(({ outcome }) => outcome === 'answered')
  const times = answered.map(({ tookMs }) => tookMs)
  const priced = answered.some(({ costUsd }) => costUsd !== undefined)
  return {
    calls: all.length,
    failed: all.length - answered.length,
    inputTokens: sum(({ inputTokens }) => inputTokens),
    outputTokens: sum(({ outputTokens }) => outputTokens),
    costUsd: priced ? sum(({ costUsd }) => costUsd ?? 0) : undefined,
    p50Ms: percentile(times, 50),
    p95Ms: percentile(times, 95),
  }
}
