/** When a process is ended: right before something passes, or after it was done and before the process hears of it. */
export const MOMENTS = ['before', 'after'] as const
export type Moment = (typeof MOMENTS)[number]

/** A protocol point: what passes, to the store, the queue or the outside, and on which side of it the process ends. */
export interface Point {
  readonly passing: string
  readonly moment: Moment
}

/** End the process when this passes for the nth time in its life. */
export interface KillPlan extends Point {
  readonly nth: number
}

const COMMENTS = /\/\*[\s\S]*?\*\/|--[^\n]*/g
const WRITES = /\b(insert\s+into|update|delete\s+from)\s+"?quarterdeck"?\."?(\w+)"?/gi
/** Our two grouped statements, by what only they have: their other writes are those of every publication. */
const GROUPED = [
  [/update quarterdeck\.requests request set operation_id/, 'store: propose'],
  [/update quarterdeck\.operations operation set\s+state = patch/, 'store: move'],
] as const
/** BullMQ's functions that do something; the others look. */
const CALLED =
  /\b(?:select|from)\s+(?:bullmq\.)?((?:add|move|extend|release|remove|retry|update|promote)_[a-z_]+)\s*\(/i

/** What a statement is in the protocol; undefined when nothing durable happens by it. `values`: its parameters, as text. */
export function passingOf(text: string, values = ''): string | undefined {
  const passing = statementOf(text)
  if (passing !== MOVE) return passing
  // Claims and ends are one statement.
  return values.includes('"state":"succeeded"') ? 'store: move to the end' : 'store: move to running'
}

const MOVE = 'store: move'

function statementOf(text: string): string | undefined {
  const plain = text.replace(COMMENTS, ' ').trim()
  if (/^commit\b/i.test(plain)) return 'store: commit'
  const grouped = GROUPED.find(([sign]) => sign.test(plain))
  if (grouped) return grouped[1]
  const writes = [...plain.matchAll(WRITES)].map(([, verb, table]) => `${verb?.split(/\s/)[0]?.toLowerCase()} ${table}`)
  if (writes.length > 0) return `store: ${[...new Set(writes)].join(', ')}`
  if (plain.includes('quarterdeck')) return undefined
  const called = CALLED.exec(plain)?.[1]
  return called && `queue: ${called}`
}

/** Counts what passes in this process, and says whether this is where it ends (or is paused). */
export class Gauge {
  #plan: KillPlan | undefined
  #passed = 0

  constructor(plan: KillPlan | undefined) {
    this.#plan = plan
  }

  /** From now on it waits for this. */
  arm(plan: KillPlan | undefined): void {
    this.#plan = plan
    this.#passed = 0
  }

  endsAt(passing: string, moment: Moment): boolean {
    if (this.#plan?.passing !== passing || this.#plan.moment !== moment) return false
    this.#passed += 1
    return this.#passed === this.#plan.nth
  }
}
