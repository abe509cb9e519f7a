import { randomBytes } from 'node:crypto'
import type { Card, ClickVerb } from '../../core/card.ts'
import { type DeliveryId, newRequestId, type OperationId, type PersonId } from '../../core/ids.ts'
import type { Reader } from '../../core/interpretation.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Person, SurfaceName } from '../../core/person.ts'
import { silentLogger } from '../../core/ports/logger.ts'
import type { ClickReply } from '../../core/ports/surface.ts'
import type { Readers, Skill, Writers } from '../../core/skill.ts'
import { auditOfOperation } from '../../db/audit.ts'
import { deliveryByKey } from '../../db/deliveries.ts'
import { markOutboxDone } from '../../db/dispatch.ts'
import type { StoredOperation } from '../../db/operation-records.ts'
import { operationById } from '../../db/operations.ts'
import { liveOutboxOf } from '../../db/outbox.ts'
import { insertRequest } from '../../db/requests.ts'
import { switches } from '../../db/schema/switches.ts'
import { stepsOf } from '../../db/steps.ts'
import type { Store } from '../../db/store.ts'
import { openThread } from '../../db/threads.ts'
import type { DoorDeps } from '../../operations/deps.ts'
import { createDoor, type Door } from '../../operations/door.ts'

import { CATALOG, CREW, policy } from './crew.ts'
import { dialSkill, World } from './world.ts'

/** What a crash is in these tests: thrown right after a durable act; whoever claims next is "another process". */
export class CrashError extends Error {
  override readonly name = 'CrashError'
}

/** A small installation: a crew, a clock that stands still, and "processes" that work off the outbox. */
export class Bridge {
  readonly world = new World()
  readonly store: Store
  now = new Date('2026-11-20T10:00:00.000Z')
  people: readonly Person[] = CREW
  policy = policy()
  skills: readonly Skill[]
  crashAfter: ((act: string) => boolean) | undefined
  #door: Door | undefined
  #workers = 0

  constructor(store: Store, skills?: (world: World) => readonly Skill[]) {
    this.store = store
    this.skills = skills?.(this.world) ?? [dialSkill(this.world)]
  }

  get door(): Door {
    this.#door ??= this.process()
    return this.#door
  }

  /** Another process on the same store. */
  process(change: Partial<DoorDeps> = {}): Door {
    return createDoor({
      store: this.store,
      skills: this.skills,
      policy: this.policy,
      catalog: () => CATALOG,
      // The dials are turned by closures; nothing here reaches a cluster.
      readers: {} as Omit<Readers, 'desk'>,
      writers: {} as Omit<Writers, 'desk'>,
      guide: { for: async () => [] },
      people: { all: () => this.people, refresh: async () => {} },
      clock: () => this.now,
      storeClock: async () => this.now,
      log: silentLogger,
      inlineWorkerId: 'inline',
      timing: { retryMs: [1_000, 2_000], progressMs: 1 },
      random: () => 0,
      afterDurable: (act) => {
        if (this.crashAfter?.(act)) throw new CrashError(act)
      },
      ...change,
    })
  }

  /** The next use of `door` is a new process, e.g. with another policy or other skills. */
  async restart(): Promise<void> {
    await this.#door?.close()
    this.#door = undefined
  }

  later(ms: number): void {
    this.now = new Date(this.now.getTime() + ms)
  }

  async propose(
    who: string,
    skill: string,
    input: JsonObject,
    change: {
      by?: Reader
      dryRun?: boolean
      said?: string
      door?: Door
      /** Where it is said; a new thread of the page, else. */
      at?: { surface: SurfaceName; surfaceKey: string }
    } = {},
  ): Promise<OperationId> {
    const personId = who as PersonId
    const requestId = newRequestId()
    const key = randomBytes(8).toString('hex')
    const { surface, surfaceKey } = change.at ?? { surface: 'web', surfaceKey: key }
    const { db } = this.store
    const thread = await openThread(db, { surface, surfaceKey, openedBy: personId, now: this.now })
    const said = change.said ?? `${skill} ${Object.values(input).join(' ')}`
    await insertRequest(db, {
      id: requestId,
      surface,
      threadId: thread.id,
      personId,
      text: said,
      key,
      receivedAt: this.now,
    })
    const { operationId } = await (change.door ?? this.door).propose({
      requestId,
      threadId: thread.id,
      personId,
      said,
      skill,
      input,
      by: change.by ?? 'command',
      confidence: 1,
      dryRun: change.dryRun ?? false,
    })
    return operationId
  }

  dial(who: string, service: string, environment: string, value: number, by?: Reader): Promise<OperationId> {
    return this.propose(who, 'dial', { service, environment, value }, { by })
  }

  async click(
    who: string,
    id: OperationId,
    verb: ClickVerb,
    more: {
      payload?: JsonObject
      reason?: string
      planHash?: string
      key?: string
      card?: string
      surface?: 'web' | 'cli'
      door?: Door
    } = {},
  ): Promise<ClickReply> {
    const delivery = await deliveryByKey(this.store.db, `${more.card ?? 'operation'}:${id}`)
    if (!delivery) throw new Error(`no card ${more.card ?? 'operation'} of ${id}`)
    const operation = await this.operation(id)
    const click = {
      deliveryId: delivery.id as DeliveryId,
      verb,
      payload: more.payload ?? {},
      reason: more.reason,
      planHash: more.planHash ?? operation.planHash,
      key: more.key ?? randomBytes(8).toString('hex'),
    }
    const account = { surface: more.surface ?? 'web', id: who } as const
    return (more.door ?? this.door).click({ personId: who as PersonId, account, click })
  }

  /** Works off everything of an operation that is due, as dispatcher and worker would; a crash leaves its row for the next. */
  async work(id: OperationId, door: Door = this.door): Promise<void> {
    for (let round = 0; round < 50; round++) {
      const due = (await liveOutboxOf(this.store.db, id)).filter((row) => row.dueAt <= this.now)
      const [row] = due
      if (!row) return
      if (row.kind === 'advance') await this.advance(id, door)
      else await door.timer({ kind: row.kind, operationId: id, payload: row.payload })
      await markOutboxDone(this.store.db, [row.id], this.now)
    }
    throw new Error(`${id} never comes to rest`)
  }

  advance(id: OperationId, door: Door = this.door): Promise<void> {
    return door.advance(id, { workerId: `worker-${++this.#workers}`, signal: new AbortController().signal })
  }

  /** The process that held the operation is gone and its lease with it; another one works. */
  async workAfterCrash(id: OperationId): Promise<void> {
    const { leaseOwner } = await this.operation(id)
    const door = this.process()
    if (leaseOwner) await door.recover(leaseOwner)
    await this.work(id, door)
    await door.close()
  }

  async operation(id: OperationId): Promise<StoredOperation> {
    const operation = await operationById(this.store.db, id)
    if (!operation) throw new Error(`no operation ${id}`)
    return operation
  }

  async state(id: OperationId): Promise<string> {
    return (await this.operation(id)).state
  }

  async card(id: OperationId, about = 'operation'): Promise<Card> {
    const delivery = await deliveryByKey(this.store.db, `${about}:${id}`)
    if (!delivery) throw new Error(`no card ${about} of ${id}`)
    return delivery.card
  }

  async verbs(id: OperationId): Promise<readonly string[]> {
    return ((await this.card(id)).actions ?? []).map((action) => action.verb)
  }

  async audit(id: OperationId): Promise<readonly string[]> {
    return (await auditOfOperation(this.store.db, id)).map((row) => row.kind)
  }

  async ledger(id: OperationId): Promise<readonly string[]> {
    return (await stepsOf(this.store.db, id)).map((step) => `${step.phase}:${step.name}:${step.state}`)
  }

  /** Kill switch and modes back to how an installation starts; the store is shared by a file's tests. */
  async clearSwitches(): Promise<void> {
    await this.store.db.delete(switches)
  }
}
