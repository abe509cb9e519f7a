import { updateOperation } from '../../db/operations.ts'
import { look } from '../scene.ts'
import { idsOf } from '../tell.ts'
import { publish } from '../transition.ts'
import type { Session } from './session.ts'

/** What a run says while it goes, written at most once per `progressMs`; never a side effect, so losing one loses nothing. */
export class ProgressWriter {
  readonly #session: Session
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> | undefined
  #lastAt = 0
  #closed = false

  constructor(session: Session) {
    this.#session = session
  }

  say(says: string, fraction?: number): void {
    if (this.#closed) return
    const { retry: _answeredAgain, ...rest } = this.#session.progress
    this.#session.progress = { ...rest, says, fraction }
    if (this.#timer || this.#writing) return
    const { progressMs } = this.#session.house.timing
    this.#timer = setTimeout(() => this.#write(), Math.max(0, this.#lastAt + progressMs - Date.now()))
    this.#timer.unref()
  }

  /** Nothing is written after this; what was last said is in the session, for whoever writes the operation next. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#writing
  }

  #write(): void {
    this.#timer = undefined
    this.#lastAt = Date.now()
    const written = this.#session.progress
    this.#writing = this.#store().finally(() => {
      this.#writing = undefined
      if (!this.#closed && this.#session.progress !== written) this.#again()
    })
  }

  #again(): void {
    const { says, fraction } = this.#session.progress
    if (says !== undefined) this.say(says, fraction)
  }

  async #store(): Promise<void> {
    const { house, operation, ledger, progress } = this.#session
    if (this.#session.stopReason) return
    try {
      const scene = await look(house)
      await house.store.transaction(async (tx) => {
        // Read back, because a cancel may have changed the state since the claim.
        const now = await updateOperation(tx, operation.id, { progress }, { fence: operation.fence, at: scene.now })
        if (now) await publish(house, tx, scene, now, { told: [], steps: ledger.rows })
      })
    } catch (error) {
      house.log.warn({ ...idsOf(operation), error }, 'could not write the progress of a run')
    }
  }
}
