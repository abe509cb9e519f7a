import type { Card } from '../core/card.ts'
import type { OperationId } from '../core/ids.ts'
import type { DeskReader } from '../core/ports/desk.ts'
import type { ClickReply } from '../core/ports/surface.ts'
import { noTelemetry } from '../core/ports/telemetry.ts'
import type { OperationState } from '../core/states.ts'
import { endLeasesOf } from '../db/operation-claims.ts'
import { operationById } from '../db/operations.ts'
import { addOutbox } from '../db/outbox.ts'
import { storeClock } from '../db/store.ts'
import { advance } from './advance.ts'
import { type Ask, answer } from './answer.ts'
import { hurry } from './cancel.ts'
import { click, type PersonClick } from './click.ts'
import { type DoorDeps, type House, TIMING } from './deps.ts'
import { deskReader } from './desk/reader.ts'
import type { Proposal } from './draw-up.ts'
import { type Edit, edit } from './edit.ts'
import { propose } from './propose.ts'
import { SEVERAL } from './several/expand.ts'
import { severalSkill } from './several/skill.ts'
import { type Showing, show } from './show.ts'
import { storeTime } from './store-time.ts'
import { tellingStore } from './tell.ts'
import { type TimerRow, timer } from './timer.ts'

export type { DoorDeps, Proposal }

/** The one door: plan → gate → operation → steps → audit. People and agents go through it alike. */
export interface Door {
  /** Quarterdeck's own state, to read. */
  readonly desk: DeskReader
  /**
   * Previews, gates and stores operation, audit, outbox and delivery in one transaction. Throws UserError, DeniedError or UpstreamError
   * from preview or authorisation; nothing is stored then except an audit row for a denial. Idempotent per request.
   */
  propose(
    proposal: Proposal,
  ): Promise<{ readonly operationId: OperationId; readonly state: OperationState; readonly already?: boolean }>
  /** Runs a read skill for a person. Throws UserError, DeniedError, UpstreamError. */
  answer(ask: Ask): Promise<Card>
  /** A click on an operation's card. Idempotent by `click.key`; a refusal is a reply, not an error. */
  click(click: PersonClick): Promise<ClickReply>
  /** Replaces an open plan by a corrected one; approvals are voided. Throws like propose. */
  edit(change: Edit): Promise<void>
  /** Shows the card of an operation that is not over in one more thread. Returns whether it is new there. */
  show(showing: Showing): Promise<boolean>
  /** Brings an operation as far as it goes now. Idempotent; safe from any process, any number of times. */
  advance(operationId: OperationId, options: { readonly workerId: string; readonly signal: AbortSignal }): Promise<void>
  /** Expiry, reminders, ends of locks, reviews. */
  timer(row: TimerRow): Promise<void>
  /**
   * Frees what a worker held that is certainly gone, e.g. this embedded program before it was killed, so that nobody waits for its
   * leases to end. Returns how many operations go on.
   */
  recover(workerId: string): Promise<number>
  /** Runs in this process are handed back, hints are no longer heard. */
  close(): Promise<void>
}

export function createDoor(deps: DoorDeps): Door {
  if (deps.skills.some(({ name }) => name === SEVERAL)) throw new Error(`a skill cannot be called "${SEVERAL}"`)
  const askStore = deps.storeClock ?? storeClock
  // A clock that a test has made stand still is the store's, too.
  const time = deps.storeClock
    ? { now: deps.clock, keep: async () => {} }
    : storeTime({ ask: () => askStore(deps.store.db), clock: deps.clock })
  const telemetry = deps.telemetry ?? noTelemetry
  const house: House = {
    ...deps,
    telemetry,
    store: tellingStore(deps.store, telemetry),
    clock: time.now,
    keepTime: time.keep,
    skills: new Map([...deps.skills, severalSkill(() => house)].map((skill) => [skill.name, skill])),
    timing: { ...TIMING, ...deps.timing },
    random: deps.random ?? Math.random,
    storeClock: askStore,
    desk: deskReader({ ...deps, clock: time.now }),
    surfaces: new Map(),
    running: new Map(),
    justStored: new Map(),
    gateSeen: { last: undefined },
    takeUp(id) {
      if (late.has(id) || leaving.signal.aborted) return
      const timer = setTimeout(() => {
        late.delete(id)
        void runHere(id)
      }, house.timing.cancelGraceMs)
      late.set(id, timer.unref())
    },
  }
  const late = new Map<OperationId, NodeJS.Timeout>()
  const leaving = new AbortController()
  const atWork = new Set<Promise<void>>()
  // A cancel made in another process stops a run here at once; without the hint its heartbeat does, seconds later.
  const hints = deps.store.listen('cancel', (id) => hurry(house, id as OperationId)) // our own id, echoed
  hints.catch((error) => deps.log.warn({ error }, 'cancel hints are not heard; runs notice at their next heartbeat'))

  /** Runs an inline skill now. It is approved and stored, so an error here costs time only: the queue has it too. */
  async function runHere(operationId: OperationId): Promise<void> {
    const work = advance(house, operationId, { workerId: deps.inlineWorkerId, signal: leaving.signal })
    atWork.add(work)
    try {
      await work
    } catch (error) {
      deps.log.warn({ operationId, error }, 'an inline run broke off; the queue takes it up')
    } finally {
      atWork.delete(work)
    }
  }

  return {
    desk: house.desk,
    async propose(proposal) {
      const { operationId, state, inline, already } = await propose(house, proposal)
      if (!inline) return { operationId, state, already }
      await runHere(operationId)
      const now = await operationById(deps.store.db, operationId)
      return { operationId, state: now?.state ?? state }
    },
    answer: (ask) => answer(house, ask),
    async click(clicked) {
      const { ok, says, runInline } = await click(house, clicked)
      if (runInline) await runHere(runInline)
      return { ok, says }
    },
    async edit(change) {
      const { runInline } = await edit(house, change)
      if (runInline) await runHere(change.operationId)
    },
    show: (showing) => show(house, showing),
    advance: (operationId, options) => advance(house, operationId, options),
    timer: (row) => timer(house, row),
    recover: (workerId) =>
      deps.store.transaction(async (tx) => {
        const ids = await endLeasesOf(tx, workerId)
        const dueAt = house.clock()
        await addOutbox(
          tx,
          ids.map((operationId) => ({ kind: 'advance', operationId, dueAt, atOnce: true })),
        )
        return ids.length
      }),
    async close() {
      leaving.abort()
      for (const timer of late.values()) clearTimeout(timer)
      await Promise.allSettled(atWork)
      const stop = await hints.catch(() => undefined)
      await stop?.()
    },
  }
}
