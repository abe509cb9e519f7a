import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openPeopleDirectory } from './bot/people/directory.ts'
import { createGuide } from './bot/understand/guide.ts'
import { createClusterClient } from './clients/kubernetes/client.ts'
import { configuredModel } from './clients/llm/configured.ts'
import { createRegistryClient } from './clients/registry/client.ts'
import { registryAccess } from './clients/registry/configured.ts'
import { configuredSandbox } from './clients/sandbox/configured.ts'
import type { SandboxProcess } from './clients/sandbox/process.ts'
import { configuredTracing } from './clients/tracing/configured.ts'
import { auditHeadsFile, type Config, loadConfig, publicHosts } from './core/config.ts'
import { ConfigError, UpstreamError, UserError } from './core/errors.ts'
import { randomCode } from './core/ids.ts'
import { createLogger } from './core/logger.ts'
import { policyOf, rulesForNobody } from './core/policy.ts'
import type { Logger } from './core/ports/logger.ts'
import { loggedDeeds, type Telemetry, tellAll } from './core/ports/telemetry.ts'
import { builtOf, loadSpokenSkills } from './core/skill-set.ts'
import { followConfiguration } from './db/follow-configuration.ts'
import { modelLedger } from './db/model-calls.ts'
import { openStore, type Store, storeClock } from './db/store.ts'
import { storeOptionsOf } from './db/store-options.ts'
import { type ProgramHealth, programHealth } from './http/program-health.ts'
import { housekeeping } from './jobs/housekeeping.ts'
import { jobsConfigOf } from './jobs/jobs-config.ts'
import { type CatalogKeeper, createCatalogKeeper } from './jobs/learn-services.ts'
import { type Jobs, startJobs } from './jobs/start.ts'
import { createDoor, type Door } from './operations/door.ts'
import { keptStoreTime } from './operations/store-time.ts'

export const ROLES = ['all', 'bot', 'worker'] as const
export type Role = (typeof ROLES)[number]

export interface Program {
  /** Where the page is; undefined for a worker. */
  readonly address: string | undefined
  /** Where metrics and health are apart from the page; undefined where they are not. */
  readonly metricsAddress: string | undefined
  readonly store: Store
  readonly door: Door
  readonly jobs: Jobs
  /** For whoever installs it; undefined when there is an admin already. */
  readonly firstAdminCode: string | undefined
  readonly sandboxUrl: string | undefined
  readonly health: ProgramHealth
  close(): Promise<void>
}

const ROOT = fileURLToPath(new URL('.', import.meta.url))

/** Puts the program together. Throws one sentence (ConfigError, UserError, UpstreamError) when a part cannot start. */
export async function startProgram(
  config: Config,
  role: Role,
  log: Logger,
  { takesJobs = role !== 'bot' } = {},
): Promise<Program> {
  const ends: (() => unknown)[] = []
  const close = async () => {
    for (const end of ends.splice(0).reverse()) {
      try {
        await end()
      } catch (error) {
        log.warn({ err: error }, 'A part did not close well.')
      }
    }
  }
  try {
    return { ...(await compose(config, role, log, takesJobs, (end) => ends.push(end))), close }
  } catch (error) {
    await close()
    throw error
  }
}

type AtEnd = (end: () => unknown) => void

async function compose(
  config: Config,
  role: Role,
  log: Logger,
  takesJobs: boolean,
  atEnd: AtEnd,
): Promise<Omit<Program, 'close'>> {
  const clock = () => new Date()
  const store = await openStore(storeOptionsOf(config), log)
  atEnd(() => store.close())
  // What people say and see is dated by the clock that all processes share.
  const { now, stop } = await keptStoreTime({ ask: () => storeClock(store.db), clock })
  atEnd(stop)
  await store.transaction((tx) => followConfiguration(tx, config, now()))

  const tracing = await configuredTracing(config.tracing, { role, log })
  if (tracing) atEnd(() => tracing.close())
  // Nobody can ask a worker for its metrics unless it is given an address.
  const metrics =
    role === 'worker' && !config.metrics ? undefined : (await import('./http/metrics.ts')).createMetrics(role)
  const logged = config.log.level === 'debug' ? loggedDeeds(log) : undefined
  const telemetry = tellAll([metrics?.telemetry, tracing, logged].filter((one) => one !== undefined))
  const sandbox = await configuredSandbox(config, { alone: role === 'all', role, log })
  if (sandbox) atEnd(() => sandbox.close())
  const outside = await reachOut(config, store, sandbox, telemetry, log, clock)
  atEnd(() => outside.clusters.close())

  const spokenSkills = await loadSpokenSkills(join(ROOT, 'skills'))
  const skills = builtOf(spokenSkills)
  const people = await openPeopleDirectory({ store, log, order: config.people.map(({ id }) => id) })
  atEnd(() => people.close())
  const { catalog } = outside.keeper
  const guide = createGuide({ skills, catalog })
  // An embedded program is alone on its store: after a kill it is the same worker, and takes up at once what it left.
  const workerId = store.backend === 'pglite' ? 'embedded' : `${role}-${process.pid}-${randomCode(6)}`
  const door = createDoor({
    ...{ store, skills, catalog, guide, people, clock, log, telemetry },
    policy: policyOf(config, spokenSkills),
    defaultModes: config.modes,
    readers: { cluster: outside.clusters.reader, registry: outside.registry },
    writers: { cluster: outside.clusters.writer },
    inlineWorkerId: workerId,
    timing: { leaseMs: config.leaseMs, renewMs: config.leaseMs / 3 },
  })
  atEnd(() => door.close())
  if (store.backend === 'pglite') await door.recover(workerId)
  const { schedules, finish } = housekeeping(store, auditHeadsFile(config), config.keepMs)
  atEnd(finish)
  const jobs = await startJobs({
    ...{ store, door, log, telemetry, clock, workerId },
    config: jobsConfigOf(config),
    roles: { dispatch: true, work: takesJobs, sweep: true },
    schedules: [...schedules, outside.keeper.learn, outside.keeper.reread],
  })
  atEnd(() => jobs.close())
  metrics?.watch({ store, jobs, skills })

  const spending = { ledger: modelLedger(store), log, telemetry, clock }
  const model = role === 'worker' ? undefined : await configuredModel(config.model, spending)
  const ownHealth = programHealth({
    ...{ store, queue: () => jobs.health(), environments: config.environments, model },
    cluster: (environment) => outside.clusters.reader.health(environment),
    rules: () => rulesForNobody(config.rules, catalog().services),
  })
  const parts = { store, door, jobs, sandboxUrl: sandbox?.url }
  const watch = async (health: ProgramHealth) => {
    if (!config.metrics || !metrics) return undefined
    const { watchApart } = await import('./http/watch-apart.ts')
    const apart = await watchApart({ listen: config.metrics, health, metrics, log })
    atEnd(() => apart.close())
    return apart.address
  }
  if (role === 'worker') {
    const metricsAddress = await watch(ownHealth)
    return { ...parts, health: ownHealth, metricsAddress, address: undefined, firstAdminCode: undefined }
  }
  // A worker never loads the page, the readers of language or the surfaces.
  const { startTalking } = await import('./bot/start.ts')
  const talk = await startTalking({
    ...{ store, door, skills: spokenSkills, catalog, guide, people, clock: now, log, telemetry, model },
    host: config.listen.host,
    drivesSandbox: sandbox !== undefined,
    login: config.login,
    chat: config,
    address: config.address,
    dataFolder: config.dataFolder,
  })
  atEnd(() => talk.close())
  const health = { ...ownHealth, shown: { ...ownHealth.shown, ...talk.health } }
  const { createHttpServer } = await import('./http/server.ts')
  const server = createHttpServer({
    listen: config.listen,
    publicHosts: publicHosts(config),
    routers: [
      { path: '/api', router: talk.router, close: () => talk.hangUp() },
      ...talk.mounts.map((mount) => ({ ...mount, body: 'raw' as const })),
    ],
    health,
    metrics: config.metrics ? undefined : metrics?.routes(),
    pageFolder: await (await import('./web/build.ts')).ensurePage(),
    log,
  })
  atEnd(() => server.close())
  const address = await server.listen()
  const metricsAddress = await watch(health)
  store.house?.announce(address)
  return { ...parts, health, metricsAddress, address, firstAdminCode: talk.firstAdminCode }
}

/** The clients of what is outside, and the catalog that learns from them. */
async function reachOut(
  config: Config,
  store: Store,
  sandbox: SandboxProcess | undefined,
  telemetry: Telemetry,
  log: Logger,
  clock: () => Date,
) {
  const kubeconfig = config.cluster.kind === 'kubeconfig' ? config.cluster.path : (sandbox?.kubeconfig ?? '')
  let keeper: CatalogKeeper | undefined
  const clusters = createClusterClient({
    kubeconfigs: () => ({ file: kubeconfig }),
    catalog: () => {
      if (!keeper) throw new Error('the catalog is asked before it is read')
      return keeper.catalog()
    },
    telemetry,
    log,
    clock,
  })
  keeper = await createCatalogKeeper({ store, config, list: (name) => clusters.learnServices(name), log })
  const registries = registryAccess(config.registries, sandbox?.url)
  for (const says of rulesForNobody(config.rules, keeper.catalog().services)) log.warn({}, says)
  return { clusters, keeper, registry: createRegistryClient({ registries, telemetry, log, clock }) }
}

/** `node main.ts [all | bot | worker | doctor | parse | chat | …]`: resolves with the exit code. */
async function commandLine([word = 'all', ...rest]: readonly string[]): Promise<number> {
  const role = ROLES.find((known) => known === word)
  if (role) return runRole(role)
  if (word === 'doctor') {
    const start = (config: Config, as: Role) => startProgram(config, as, createLogger('error'), { takesJobs: false })
    return (await import('./bot/cli/doctor.ts')).doctor(loadConfig(), start, console.log)
  }
  return (await import('./bot/cli/command-line.ts')).runCommand(word, rest)
}

/** Runs until somebody ends it. */
async function runRole(role: Role): Promise<number> {
  const config = loadConfig()
  const log = createLogger(config.log.level)
  const program = await startProgram(config, role, log)
  for (const line of (await import('./bot/cli/greeting.ts')).greeting(role, program)) console.log(line)
  const signal = await new Promise<string>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => resolve(name))
  })
  log.info({ signal }, 'Closing: what runs is handed back, and goes on at the next start.')
  // Who stops a machine's program sends people to another one first; who presses Ctrl-C waits for it to end.
  if (signal === 'SIGTERM' && config.drainMs) await program.health.leave(config.drainMs)
  await program.close()
  return 0
}

if (import.meta.main) {
  try {
    process.exitCode = await commandLine(process.argv.slice(2))
  } catch (error) {
    const expected = error instanceof ConfigError || error instanceof UserError || error instanceof UpstreamError
    console.error(expected ? error.message : error)
    process.exitCode = 1
  }
}
