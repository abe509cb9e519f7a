import { UserError } from '../../core/errors.ts'
import type { OperationId, PersonId } from '../../core/ids.ts'
import type { Person } from '../../core/person.ts'
import type { ClusterReader, RegistryReader, Revision, Workload } from '../../core/ports/cluster.ts'
import type { DeskReader, Lock, OperationDetail } from '../../core/ports/desk.ts'
import type { ReadContext } from '../../core/skill.ts'
import { makeCatalog, makeEnvironment, makeService } from '../_harness/catalog.ts'

/** A small world for previews: one service in two environments, a registry with four versions, an empty desk. */
export interface FakeWorld {
  workload: Workload
  revisions: Revision[]
  tags: Record<string, string>
  registryDown: boolean
  /** A digest that was deleted from the registry. */
  gone?: string
  locks: Lock[]
  halted: Awaited<ReturnType<DeskReader['halted']>>
  operation: OperationDetail | undefined
  person: Person
  link?: Awaited<ReturnType<DeskReader['linkOf']>>
  subscriptions?: Awaited<ReturnType<DeskReader['subscriptions']>>
  changesByDay?: Awaited<ReturnType<DeskReader['changesByDay']>>
  channel?: Awaited<ReturnType<ReadContext['channel']>>
}

const known = makeCatalog(
  [
    makeService('checkout', { aliases: ['co'], team: 'shop', dependsOn: ['payments'] }),
    makeService('web', { team: 'shop', dependsOn: ['checkout'] }),
  ],
  [makeEnvironment('staging'), makeEnvironment('production')],
)

// A skill may be handed an alias by a caller that resolved nothing.
export const catalog = { ...known, service: (said: string) => known.service(said === 'co' ? 'checkout' : said) }

export const REPOSITORY = 'registry.example.test/shop/checkout'

export function fakeWorld(): FakeWorld {
  return {
    workload: {
      ref: { service: 'checkout', environment: 'staging' },
      cluster: 'sandbox',
      namespace: 'shop-staging',
      name: 'checkout',
      uid: 'uid-1',
      resourceVersion: '41',
      generation: 7,
      container: 'app',
      image: `${REPOSITORY}:1.4.1`,
      version: '1.4.1',
      replicas: { desired: 4, ready: 4, updated: 4, available: 4 },
      revision: 3,
      paused: false,
      rollingOut: false,
      problems: [],
    },
    revisions: [
      { revision: 1, image: `${REPOSITORY}:1.3.0`, version: '1.3.0', createdAt: '2026-01-01T00:00:00Z', active: false },
      { revision: 2, image: `${REPOSITORY}:1.4.0`, version: '1.4.0', createdAt: '2026-01-02T00:00:00Z', active: false },
      { revision: 3, image: `${REPOSITORY}:1.4.1`, version: '1.4.1', createdAt: '2026-01-03T00:00:00Z', active: true },
    ],
    tags: { '1.4.2': 'sha256:aa', '1.4.1': 'sha256:bb', '1.4.0': 'sha256:cc', '1.3.0': 'sha256:dd' },
    registryDown: false,
    locks: [],
    halted: undefined,
    operation: undefined,
    person: {
      id: 'mira' as PersonId, // a test's own id
      name: 'Mira',
      timezone: 'Europe/Berlin',
      accounts: [{ surface: 'web', id: 'mira' }],
      grants: [{ role: 'operator', environments: ['*'], teams: ['*'] }],
      active: true,
    },
  }
}

const never = () => Promise.reject(new Error('this preview was not expected to ask for that'))

export function fakeReadContext(world: FakeWorld, planOf: ReadContext['planOf'] = never): ReadContext {
  const cluster: ClusterReader = {
    health: async () => ({ ok: true, says: 'answers' }),
    workload: async (ref) => {
      if (ref.service !== 'checkout') throw new UserError(`There is no ${ref.service} here.`)
      return { ...world.workload, ref }
    },
    workloads: async () => [world.workload],
    revisions: async () => world.revisions,
    logs: async () => ({ lines: [], truncated: false }),
    events: async () => [],
    followRollout: never,
  }
  const registry: RegistryReader = {
    tags: async () => Object.keys(world.tags),
    resolve: async (_repository, reference) => {
      if (world.registryDown) throw new Error('the registry does not answer')
      const digest = reference.startsWith('sha256:') ? reference : world.tags[reference]
      if (digest === world.gone) return undefined
      return digest ? { digest } : undefined
    },
  }
  const desk: DeskReader = {
    operations: async () => [],
    changesByDay: async () => world.changesByDay ?? [],
    operation: async (id: OperationId) => (world.operation?.id === id ? world.operation : undefined),
    trail: async () => undefined,
    approvalsFor: async () => [],
    waitingFor: async () => [],
    locks: async () => world.locks,
    halted: async () => world.halted,
    modes: async () => ({ everywhere: 'review', scoped: [] }),
    people: async () => [world.person],
    delegations: async () => [],
    linkOf: async () => world.link,
    subscriptions: async () => world.subscriptions ?? [],
  }
  return {
    person: world.person,
    now: () => new Date('2026-06-01T12:00:00Z'),
    catalog,
    cluster,
    registry,
    desk,
    guide: { for: async () => [] },
    channel: async () => world.channel,
    planOf,
    signal: new AbortController().signal,
  }
}
