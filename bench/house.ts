import { z } from 'zod'
import { openPeopleDirectory } from '../bot/people/directory.ts'
import { buildCatalog } from '../core/catalog/build.ts'
import { newRequestId, type OperationId, type PersonId } from '../core/ids.ts'
import type { Grant, Role } from '../core/person.ts'
import type { Policy } from '../core/policy.ts'
import type { SkillGuide } from '../core/ports/desk.ts'
import { silentLogger } from '../core/ports/logger.ts'
import { type ChangeSkill, defineSkill, type Readers, type Writers } from '../core/skill.ts'
import { syncPeople } from '../db/people.ts'
import { type Jobs, startJobs } from '../jobs/start.ts'
import { createDoor, type Door } from '../operations/door.ts'
import type { Place } from './places.ts'

export const REQUESTER = 'rita' as PersonId // plain text is an id once somebody says so
export const APPROVER = 'anton' as PersonId

/** The engine on its own: the real door, queue and people on a real store, and skills that touch nothing outside. */
export interface House {
  readonly door: Door
  readonly jobs: Jobs
  /** From the request's first commit to the proposal's. */
  propose(skill: 'nothing' | 'one-step'): Promise<OperationId>
  /** Resolves when a worker has brought the operation to its end. */
  ended(operation: OperationId): Promise<void>
  /** When the operation's step began, on `performance.now()`. */
  readonly stepBegan: ReadonlyMap<OperationId, number>
  close(): Promise<void>
}

const everywhere = (role: Role): Grant => ({ role, environments: ['*'], teams: ['*'] })

/** Nothing in these skills looks outside; whoever does has broken the measurement. */
function untouched<T extends object>(what: string): T {
  return new Proxy({} as T, {
    get: (_target, property) => {
      throw new Error(`A skill without effects asked ${what} for ${String(property)}.`)
    },
  })
}

function skillsThat(began: Map<OperationId, number>): ChangeSkill[] {
  const input = z.object({ environment: z.string() })
  const common = {
    summary: 'Change nothing',
    examples: [],
    input,
    risk: 'write',
    allow: ['operator'],
  } as const
  const draft = (environment: string, steps: string[]) => ({
    input: { environment },
    targets: [{ environment }],
    summary: `Change nothing in ${environment}`,
    changes: [{ target: environment, field: 'nothing', from: 0, to: 1 }],
    undo: { impossible: 'There is nothing to take back.' },
    steps,
  })
  const nothing = defineSkill<typeof input>({
    ...common,
    name: 'nothing',
    preview: async ({ environment }) => draft(environment, []),
    run: async () => ({ ok: true, says: 'Nothing was changed.' }),
  })
  const oneStep = defineSkill<typeof input>({
    ...common,
    name: 'one-step',
    preview: async ({ environment }) => draft(environment, ['begin']),
    run: async (_plan, ctx) => {
      await ctx.step('begin', {
        do: async () => {
          began.set(ctx.operation, performance.now())
          return null
        },
        probe: async () => ({ happened: false }),
      })
      return { ok: true, says: 'It began.' }
    },
  })
  // A skill's own input type is narrower than the set's; the door checks the input with the skill's schema before it is used.
  return [nothing, oneStep] as unknown as ChangeSkill[]
}

const policy: Policy = {
  version: 'bench',
  approvals: [
    {
      name: 'guarded',
      when: { environments: ['guarded'] },
      require: { count: 1, role: 'approver' },
      expiresMs: 3_600_000,
      remindMs: undefined,
      remind: [],
    },
  ],
  denies: [],
  freezes: [],
  breakGlass: undefined,
  planExpiresMs: 3_600_000,
}

/** `name` keeps the requests of several houses on one store apart. */
export async function openHouse(place: Place, concurrency: number, name = 'bench'): Promise<House> {
  const { store } = place
  const clock = () => new Date()
  const began = new Map<OperationId, number>()
  await store.transaction((tx) =>
    syncPeople(tx, [
      person(REQUESTER, 'Rita', [everywhere('operator')]),
      person(APPROVER, 'Anton', [everywhere('approver')]),
    ]),
  )
  const people = await openPeopleDirectory({ store, log: silentLogger })
  const catalog = buildCatalog({ environments: ['open', 'guarded'].map(environment), services: [], components: [] }, [])
  const noGuide: SkillGuide = { for: async () => [] }
  const door = createDoor({
    store,
    skills: skillsThat(began),
    policy,
    catalog: () => catalog,
    readers: untouched<Omit<Readers, 'desk'>>('the readers'),
    writers: untouched<Omit<Writers, 'desk'>>('the writers'),
    guide: noGuide,
    people,
    clock,
    log: silentLogger,
    inlineWorkerId: 'bench-inline',
  })
  const waiting = new Map<OperationId, () => void>()
  /** Advanced before anybody waited for it. */
  const advanced = new Set<OperationId>()
  const jobs = await startJobs({
    store,
    door: {
      timer: (row) => door.timer(row),
      async advance(id, options) {
        await door.advance(id, options)
        const hear = waiting.get(id)
        if (hear) hear()
        else advanced.add(id)
      },
    },
    log: silentLogger,
    clock,
    roles: { dispatch: true, work: true, sweep: true },
    workerId: 'bench-worker',
    config: { queue: place.queue, concurrency },
  })
  let asked = 0

  async function propose(skill: 'nothing' | 'one-step'): Promise<OperationId> {
    asked += 1
    const [key, id, now] = [`${name}-${asked}`, newRequestId(), clock()]
    const text = `${skill} in the bench`
    // A hundred conversations, so that requests meet in threads as they do in life.
    const surfaceKey = `bench-${asked % 100}`
    // As the conversation stores what it heard.
    const { thread } = await store.together.say({ surface: 'web', surfaceKey }, async () => ({
      saying: { id, personId: REQUESTER, text, key, receivedAt: now, interpretation: null },
    }))
    const environment = skill === 'nothing' ? 'open' : 'guarded'
    const { operationId } = await door.propose({
      requestId: id,
      threadId: thread.id,
      personId: REQUESTER,
      said: text,
      skill,
      input: { environment },
      by: 'command',
      confidence: 1,
      dryRun: false,
    })
    return operationId
  }

  return {
    door,
    jobs,
    propose,
    stepBegan: began,
    async ended(id) {
      if (advanced.delete(id)) return
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.set(id, resolve)
      await promise
      waiting.delete(id)
    },
    async close() {
      await jobs.close()
      await door.close()
      await people.close()
    },
  }
}

const person = (id: PersonId, name: string, grants: Grant[]) => ({
  id,
  name,
  timezone: 'utc',
  accounts: [{ surface: 'web', id } as const],
  grants,
})

const environment = (name: string) => ({
  name,
  aliases: [],
  protected: false,
  cluster: 'none',
  namespace: name,
  channels: [],
})
