import { isTerminal } from '../../../core/states.ts'
import type { Befallen } from './conduct.ts'
import type { Move } from './record.ts'
import { nameOf } from './schedule.ts'

/** How many faults of a kind came about, and how many of those while something could suffer by them. */
export interface Meeting {
  readonly times: number
  /** An operation was open. */
  readonly met: number
  /** One was being run. */
  readonly inRun: number
}

interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** A fault that nothing was open under shows nothing; this counts those that did. */
export function meetingsOf(befallen: readonly Befallen[], moves: readonly Move[]): ReadonlyMap<string, Meeting> {
  const lives = [...Map.groupBy(moves, ({ operation }) => operation).values()]
  const open = lives.map(([first, ...more]): Span => {
    const end = [first, ...more].find((move) => move && isTerminal(move.becomes))
    return { fromMs: first?.at_ms ?? 0, toMs: end?.at_ms ?? Number.POSITIVE_INFINITY }
  })
  const running = lives.flatMap((life) =>
    life.flatMap(({ becomes, at_ms: fromMs }, n): Span[] =>
      becomes === 'running' || becomes === 'cancelling'
        ? [{ fromMs, toMs: life[n + 1]?.at_ms ?? Number.POSITIVE_INFINITY }]
        : [],
    ),
  )
  const during = (spans: readonly Span[], fault: Span) =>
    spans.some((span) => span.fromMs <= fault.toMs && span.toMs >= fault.fromMs)
  return new Map(
    [...Map.groupBy(befallen, ({ fault }) => nameOf(fault))].sort().map(([name, faults]) => [
      name,
      {
        times: faults.length,
        met: faults.filter((fault) => during(open, fault)).length,
        inRun: faults.filter((fault) => during(running, fault)).length,
      },
    ]),
  )
}

export function sumOf(meetings: ReadonlyMap<string, Meeting>): Meeting {
  const all = [...meetings.values()]
  const sum = (what: keyof Meeting) => all.reduce((total, meeting) => total + meeting[what], 0)
  return { times: sum('times'), met: sum('met'), inRun: sum('inRun') }
}
