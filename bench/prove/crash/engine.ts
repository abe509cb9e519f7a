import { openPeopleDirectory } from '../../../bot/people/directory.ts'
import { createClusterClient } from '../../../clients/kubernetes/client.ts'
import { buildCatalog } from '../../../core/catalog/build.ts'
import type { PersonId } from '../../../core/ids.ts'
import type { Policy } from '../../../core/policy.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import type { Skill } from '../../../core/skill.ts'
import { syncPeople } from '../../../db/people.ts'
import { openStore, type Store, type StoreOptions } from '../../../db/store.ts'
import type { QueuePlace } from '../../../jobs/backends/open.ts'
import { startJobs } from '../../../jobs/start.ts'
import type { Tuning } from '../../../jobs/tuning.ts'
import type { Timing } from '../../../operations/deps.ts'
import { createDoor, type Door } from '../../../operations/door.ts'
import deploy from '../../../skills/deploy.ts'
import scale from '../../../skills/scale.ts'
import { ringSkill } from './ring.ts'

export const REQUESTER = 'rita' as PersonId // plain text is an id once somebody says so
export const ENVIRONMENT = 'dev'
export const VERSION = '2.0'
export const imageOf = (version: string) => `sha256:${version.replace(/\D/g, '').padEnd(64, '2')}`

export interface EngineOptions {
  readonly store: StoreOptions
  readonly queue: QueuePlace
  /** Where the cluster and the bells are. */
  readonly outside: string
  /** Services `s0` to this many. */
  readonly services: number
  readonly workerId: string
  /** Jobs at once; absent: the program's own. */
  readonly concurrency?: number
  /** Shorter times than an operator would want; absent: the program's own. */
  readonly timing?: Partial<Timing>
  readonly tuning?: Partial<Tuning>
}

export interface Engine {
  readonly store: Store
  readonly door: Door
  close(): Promise<void>
}

const POLICY: Policy = {
  version: 'prove',
  ...{ approvals: [], denies: [], freezes: [], breakGlass: undefined, planExpiresMs: 3_600_000 },
}

/** Store, door, queue and worker as main.ts puts them together, without what hears and shows. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { outside, workerId } = options
  const clock = () => new Date()
  const log = silentLogger
  const store = await openStore(options.store, log)
  const grants = [{ role: 'operator', environments: ['*'], teams: ['*'] } as const]
  const rita = { id: REQUESTER, name: 'Rita', timezone: 'utc', accounts: [], grants }
  await store.transaction((tx) => syncPeople(tx, [rita]))
  const people = await openPeopleDirectory({ store, log })
  const catalog = catalogOf(options.services)
  const clusters = createClusterClient({
    kubeconfigs: () => ({ text: kubeconfig(outside) }),
    catalog: () => catalog,
    log,
    clock,
  })
  const door = createDoor({
    ...{ store, people, clock, log },
    // The input of one skill is narrower than that of the set; the door parses it with the skill's own schema.
    skills: [deploy, scale, ringSkill(outside)] as unknown as Skill[],
    policy: POLICY,
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
    guide: { for: () => [] },
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
  })
  return {
    store,
    door,
    async close() {
      await jobs.close()
      await door.close()
      await people.close()
      await clusters.close()
      await store.close()
    },
  }
}

function catalogOf(services: number) {
  const environment = {
    ...{ name: ENVIRONMENT, aliases: [], protected: false, cluster: 'prove', namespace: 'prove', channels: [] },
  }
  const learned = Array.from({ length: services }, (_, n) => ({
    name: `s${n}`,
    environment: ENVIRONMENT,
    workload: `s${n}`,
    repository: 'registry.example/app',
  }))
  return buildCatalog({ environments: [environment], services: [], components: [] }, learned)
}

/** JSON is YAML. */
const kubeconfig = (server: string) =>
  JSON.stringify({
    clusters: [{ name: 'prove', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'prove', user: { token: 'prove' } }],
    contexts: [{ name: 'prove', context: { cluster: 'prove', user: 'prove' } }],
  })
