import type { Json, JsonObject } from '../../core/json.ts'
import type { StoredOperation } from '../../db/operation-records.ts'
import { finishStep, type Phase, type StepKind, type StoredStep, stepsOf, writeStep } from '../../db/steps.ts'
import type { Store } from '../../db/store.ts'

/** What a run did so far, in memory and in the store. Every write is refused by the store once the claim is lost. */
export class Ledger {
  readonly #store: Store
  readonly #operation: Pick<StoredOperation, 'id' | 'fence'>
  readonly #clock: () => Date
  #rows: StoredStep[]
  #next: Record<Phase, number> = { run: 0, compensate: 0 }
  #entered = new Set<string>()

  constructor(
    store: Store,
    operation: Pick<StoredOperation, 'id' | 'fence'>,
    rows: readonly StoredStep[],
    clock: () => Date,
  ) {
    this.#store = store
    this.#operation = operation
    this.#rows = [...rows]
    this.#clock = clock
  }

  get rows(): readonly StoredStep[] {
    return this.#rows
  }

  /** Starts a phase from its top. */
  rewind(phase: Phase): void {
    this.#next[phase] = 0
    for (const key of [...this.#entered]) if (key.startsWith(`${phase}:`)) this.#entered.delete(key)
  }

  /**
   * The place of the next act of a phase, and what is recorded there. `mismatch` says that the run is not the one that was recorded,
   * or uses a name twice: then nothing in the ledger can be trusted to be about this act.
   */
  enter(
    phase: Phase,
    kind: StepKind,
    name: string,
  ): { readonly ordinal: number; readonly row: StoredStep | undefined; readonly mismatch?: string } {
    const ordinal = this.#next[phase]++
    const key = `${phase}:${name}`
    if (this.#entered.has(key)) return { ordinal, row: undefined, mismatch: `it uses the name "${name}" twice` }
    this.#entered.add(key)
    const row = this.#find(phase, name)
    const there = this.#rows.find((other) => other.phase === phase && other.ordinal === ordinal)
    const found = there ?? row
    if (found && (found.name !== name || found.ordinal !== ordinal || found.kind !== kind)) {
      const was = `${found.kind} "${found.name}" at place ${found.ordinal + 1}`
      return { ordinal, row, mismatch: `it recorded ${was} and now asks for ${kind} "${name}" at place ${ordinal + 1}` }
    }
    return { ordinal, row }
  }

  /** The first act that was recorded and that this run of the phase never came to. */
  forgotten(phase: Phase): StoredStep | undefined {
    return this.#rows.find((row) => row.phase === phase && row.ordinal >= this.#next[phase])
  }

  /** Outside effects of the run that happened, or may have. */
  get effects(): readonly StoredStep[] {
    return this.#rows.filter((row) => row.phase === 'run' && row.kind === 'step' && row.state !== 'failed')
  }

  /** Whether an effect was begun and nobody knows how it ended. */
  open(phase: Phase): StoredStep | undefined {
    return this.#rows.find((row) => row.phase === phase && row.kind === 'step' && row.state === 'intent')
  }

  async write(
    phase: Phase,
    row: {
      readonly name: string
      readonly ordinal: number
      readonly kind: StepKind
      readonly state: StoredStep['state']
      readonly detail?: JsonObject
      readonly result?: Json
    },
  ): Promise<boolean> {
    const { id: operationId, fence } = this.#operation
    const at = this.#clock()
    const { name, ...rest } = row
    const written = await writeStep(
      this.#store.db,
      { operationId, phase, name },
      { ...rest, fence, at, forward: phase === 'run' },
    )
    if (!written) return false
    const finishedAt = row.state === 'intent' ? null : at
    const { ordinal, kind, state, detail = null, result = null } = row
    this.#rows.push({
      operationId,
      phase,
      name,
      ordinal,
      kind,
      state,
      detail,
      result,
      error: null,
      fence,
      startedAt: at,
      finishedAt,
    })
    return true
  }

  async finish(
    phase: Phase,
    name: string,
    end: {
      readonly state: 'done' | 'failed' | 'unknown'
      readonly result?: Json
      readonly error?: string
      readonly detail?: JsonObject
    },
  ): Promise<boolean> {
    const { id: operationId, fence } = this.#operation
    const at = this.#clock()
    const finished = await finishStep(this.#store.db, { operationId, phase, name }, { ...end, fence, at })
    if (!finished) return false
    this.#rows = this.#rows.map((row) =>
      row.phase === phase && row.name === name
        ? {
            ...row,
            state: end.state,
            result: end.result ?? null,
            error: end.error ?? null,
            detail: end.detail ?? row.detail,
            finishedAt: at,
          }
        : row,
    )
    return true
  }

  /** What somebody else wrote of an act since the claim: only people do, who answer a question. */
  async answered(phase: Phase, name: string): Promise<StoredStep | undefined> {
    const stored = await stepsOf(this.#store.db, this.#operation.id)
    const answer = stored.find((row) => row.phase === phase && row.name === name && row.state === 'done')
    if (answer) this.#rows = this.#rows.map((row) => (row.phase === phase && row.name === name ? answer : row))
    return answer
  }

  #find(phase: Phase, name: string): StoredStep | undefined {
    return this.#rows.find((row) => row.phase === phase && row.name === name)
  }
}
