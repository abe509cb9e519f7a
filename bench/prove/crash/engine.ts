import { openPeopleDirectory } from '../../../bot/people/directory.ts'
import { createClusterClient } from '../../../clients/kubernetes/client.ts'
import type { ResilienceOptions } from '../../../clients/resilience.ts'
import { buildCatalog } from '../../../core/catalog/build.ts'
import type { Catalog } from '../../../core/catalog/catalog.ts'
import type { PersonId } from '../../../core/ids.ts'
import type { Person } from '../../../core/person.ts'
import type { ApprovalRule, Policy } from '../../../core/policy.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import type { PeopleDirectory } from '../../../core/ports/people.ts'
import type { Skill } from '../../../core/skill.ts'
import { syncPeople } from '../../../db/people.ts'
import { openStore, type Store, type StoreOptions } from '../../../db/store.ts'
import type { QueuePlace } from '../../../jobs/backends/open.ts'
import { housekeeping } from '../../../jobs/housekeeping.ts'
import { startJobs } from '../../../jobs/start.ts'
import type { Tuning } from '../../../jobs/tuning.ts'
import type { Timing } from '../../../operations/deps.ts'
import { createDoor, type Door } from '../../../operations/door.ts'
import deploy from '../../../skills/deploy.ts'
import scale from '../../../skills/scale.ts'
import { ringSkill } from './ring.ts'

export const REQUESTER = 'rita' as PersonId // plain text is an id once somebody says so
const ENVIRONMENT = 'dev'
export const VERSION = '2.0'
export const imageOf = (version: string) => `sha256:${version.replace(/\D/g, '').padEnd(64, '2')}`

export interface EngineOptions {
  readonly store: StoreOptions
  readonly queue: QueuePlace
  /** Where the cluster and the bells are. */
  readonly outside: string
  /** Where the bells are, when they are elsewhere. */
  readonly bells?: string
  /** Services `s0` to this many. */
  readonly services: number
  readonly workerId: string
  /** Jobs at once; absent: the program's own. */
  readonly concurrency?: number
  /** Shorter times than an operator would want; absent: the program's own. */
  readonly timing?: Partial<Timing>
  readonly tuning?: Partial<Tuning>
  readonly resilience?: Partial<ResilienceOptions>
  /** What hears and shows, as its part of the configuration; absent: nobody talks to it. */
  readonly chat?: object
  /** Who there is; absent: the requester alone. */
  readonly people?: readonly NewPerson[]
  /** Where approvals are asked for, besides the environment that needs none. */
  readonly rules?: readonly EnvironmentRule[]
  /** The audit is sealed and its heads are exported to this file; absent: not at all. */
  readonly auditHeads?: string
}

export type NewPerson = Omit<Person, 'active'>
export interface EnvironmentRule {
  readonly environment: string
  readonly approvals: number
}

export interface Engine {
  readonly store: Store
  readonly door: Door
  readonly skills: readonly Skill[]
  readonly catalog: Catalog
  readonly people: PeopleDirectory & { close(): Promise<void> }
  close(): Promise<void>
}

const EXPIRES_MS = 3_600_000

const policyOf = (rules: readonly EnvironmentRule[]): Policy => ({
  version: 'prove',
  approvals: rules.map(({ environment, approvals }): ApprovalRule => {
    const require = { count: approvals, role: 'approver' } as const
    const when = { environments: [environment] }
    return { name: environment, when, require, expiresMs: EXPIRES_MS, remindMs: undefined, remind: [] }
  }),
  ...{ denies: [], freezes: [], breakGlass: undefined, planExpiresMs: EXPIRES_MS },
})

const grants = [{ role: 'operator', environments: ['*'], teams: ['*'] } as const]
export const requesterWith = (accounts: NewPerson['accounts']): NewPerson => ({
  ...{ id: REQUESTER, name: 'Rita', timezone: 'utc', accounts, grants },
})

/** Store, door, queue and worker as main.ts puts them together, without what hears and shows. */
export async function openEngine(options: EngineOptions, clock = () => new Date()): Promise<Engine> {
  const { outside, workerId, rules = [], auditHeads } = options
  const log = silentLogger
  const store = await openStore(options.store, log)
  await store.transaction((tx) => syncPeople(tx, options.people ?? [requesterWith([])]))
  const people = await openPeopleDirectory({ store, log })
  const catalog = catalogOf(options.services, [ENVIRONMENT, ...rules.map(({ environment }) => environment)])
  const clusters = createClusterClient({
    kubeconfigs: () => ({ text: kubeconfig(outside) }),
    catalog: () => catalog,
    log,
    clock,
    ...(options.resilience ? { resilience: options.resilience } : {}),
  })
  // The input of one skill is narrower than that of the set; the door parses it with the skill's own schema.
  const skills = [deploy, scale, ringSkill(options.bells ?? outside)] as unknown as Skill[]
  const door = createDoor({
    ...{ store, people, clock, log, skills },
    policy: policyOf(rules),
    catalog: () => catalog,
    readers: {
      cluster: clusters.reader,
      // Read-only, and asked before the plan only: what is counted is written elsewhere.
      registry: {
        tags: async () => [VERSION],
        resolve: async (_repository, reference) => ({ digest: imageOf(reference) }),
      },
    },
    writers: { cluster: clusters.writer },
    guide: { for: async () => [] },
    inlineWorkerId: workerId,
    ...(options.timing ? { timing: options.timing } : {}),
  })
  if (store.backend === 'pglite') await door.recover(workerId)
  const jobs = await startJobs({
    ...{ store, door, log, clock, workerId },
    config: {
      queue: options.queue,
      ...(options.tuning ? { tuning: options.tuning } : {}),
      ...(options.concurrency ? { concurrency: options.concurrency } : {}),
    },
    roles: { dispatch: true, work: true, sweep: true },
    ...(auditHeads ? { schedules: auditing(store, auditHeads) } : {}),
  })
  return {
    ...{ store, door, skills, catalog, people },
    async close() {
      await jobs.close()
      await door.close()
      await people.close()
      await clusters.close()
      await store.close()
    },
  }
}

/** Of what the program does by the clock, what makes the audit provable; a snapshot at each of many starts would only take time. */
const auditing = (store: Store, heads: string) =>
  housekeeping(store, heads).schedules.filter(({ name }) => name.includes('audit'))

function catalogOf(services: number, names: readonly string[]) {
  const place = { aliases: [], protected: false, cluster: 'prove', namespace: 'prove', channels: [] }
  const environments = names.map((name) => ({ name, ...place }))
  const learned = names.flatMap((environment) =>
    Array.from({ length: services }, (_, n) => ({
      ...{ name: `s${n}`, environment, workload: `s${n}`, repository: 'registry.example/app' },
    })),
  )
  return buildCatalog({ environments, services: [], components: [] }, learned)
}

/** JSON is YAML. */
const kubeconfig = (server: string) =>
  JSON.stringify({
    clusters: [{ name: 'prove', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'prove', user: { token: 'prove' } }],
    contexts: [{ name: 'prove', context: { cluster: 'prove', user: 'prove' } }],
  })
