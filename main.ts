import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openPeopleDirectory } from './bot/people/directory.ts'
import { createGuide } from './bot/understand/guide.ts'
import { createClusterClient } from './clients/kubernetes/client.ts'
import { configuredModel } from './clients/llm/configured.ts'
import { createRegistryClient } from './clients/registry/client.ts'
import { registryAccess } from './clients/registry/configured.ts'
import { type SandboxProcess, startSandboxProcess } from './clients/sandbox/process.ts'
import { reachSandbox } from './clients/sandbox/reach.ts'
import { auditHeadsFile, type Config, loadConfig } from './core/config.ts'
import { ConfigError, UpstreamError, UserError } from './core/errors.ts'
import { randomCode } from './core/ids.ts'
import { createLogger } from './core/logger.ts'
import { policyOf } from './core/policy.ts'
import type { Logger } from './core/ports/logger.ts'
import { builtOf, loadSpokenSkills } from './core/skill-set.ts'
import { modelLedger } from './db/model-calls.ts'
import { syncPeople } from './db/people.ts'
import { openStore, type Store } from './db/store.ts'
import { storeOptionsOf } from './db/store-options.ts'
import type { HealthProbes } from './http/health.ts'
import { programHealth } from './http/program-health.ts'
import { housekeeping } from './jobs/housekeeping.ts'
import { jobsConfigOf } from './jobs/jobs-config.ts'
import { type CatalogKeeper, createCatalogKeeper } from './jobs/learn-services.ts'
import { type Jobs, startJobs } from './jobs/start.ts'
import { createDoor, type Door } from './operations/door.ts'

export const ROLES = ['all', 'bot', 'worker'] as const
export type Role = (typeof ROLES)[number]

export interface Program {
  /** Where the page is; undefined for a worker. */
  readonly address: string | undefined
  readonly store: Store
  readonly door: Door
  readonly jobs: Jobs
  /** For whoever installs it; undefined when there is an admin already. */
  readonly firstAdminCode: string | undefined
  readonly sandboxUrl: string | undefined
  readonly health: HealthProbes
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
  await store.transaction((tx) => syncPeople(tx, config.people))

  const sandbox = await startSandbox(config, role, log)
  if (sandbox) atEnd(() => sandbox.close())
  const outside = await reachOut(config, store, sandbox, log, clock)
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
    ...{ store, skills, catalog, guide, people, clock, log },
    policy: policyOf(config),
    defaultModes: config.modes,
    readers: { cluster: outside.clusters.reader, registry: outside.registry },
    writers: { cluster: outside.clusters.writer },
    inlineWorkerId: workerId,
    timing: { leaseMs: config.leaseMs, renewMs: config.leaseMs / 3 },
  })
  atEnd(() => door.close())
  if (store.backend === 'pglite') await door.recover(workerId)
  const { schedules, finish } = housekeeping(store, auditHeadsFile(config))
  atEnd(finish)
  const jobs = await startJobs({
    ...{ store, door, log, clock, workerId },
    config: jobsConfigOf(config),
    roles: { dispatch: true, work: takesJobs, sweep: true },
    schedules: [...schedules, outside.keeper.learn, outside.keeper.reread],
  })
  atEnd(() => jobs.close())

  const model =
    role === 'worker' ? undefined : await configuredModel(config.model, { ledger: modelLedger(store), log, clock })
  const health = programHealth({
    ...{ store, queue: () => jobs.health(), environments: config.environments, model },
    cluster: (environment) => outside.clusters.reader.health(environment),
  })
  const parts = { store, door, jobs, health, sandboxUrl: sandbox?.url }
  if (role === 'worker') return { ...parts, address: undefined, firstAdminCode: undefined }
  // A worker never loads the page, the readers of language or the surfaces.
  const { startTalking } = await import('./bot/start.ts')
  const talk = await startTalking({
    ...{ store, door, skills: spokenSkills, catalog, guide, people, clock, log, model },
    host: config.listen.host,
    drivesSandbox: sandbox !== undefined,
    login: config.login,
    dataFolder: config.dataFolder,
  })
  atEnd(() => talk.close())
  const { createHttpServer } = await import('./http/server.ts')
  const server = createHttpServer({
    listen: config.listen,
    publicHosts: config.login ? [new URL(config.login.address).hostname] : [],
    routers: [{ path: '/api', router: talk.router, close: () => talk.hangUp() }],
    health,
    pageFolder: await (await import('./web/build.ts')).ensurePage(),
    log,
  })
  atEnd(() => server.close())
  const address = await server.listen()
  store.house?.announce(address)
  return { ...parts, address, firstAdminCode: talk.firstAdminCode }
}

async function startSandbox(config: Config, role: Role, log: Logger): Promise<SandboxProcess | undefined> {
  if (config.cluster.kind !== 'sandbox') return undefined
  const folder = join(config.dataFolder, 'sandbox')
  if (config.cluster.url) return reachSandbox(config.cluster.url, folder)
  if (role === 'all') return startSandboxProcess({ ...config.sandbox, folder, log })
  throw new ConfigError(
    `cluster: sandbox lives inside one process, so "${role}" apart cannot reach it: run one by itself (node sandbox/server.ts) and name its address (cluster: { sandbox: http://… }, or QUARTERDECK_CLUSTER), or name a kubeconfig.`,
  )
}

/** The clients of what is outside, and the catalog that learns from them. */
async function reachOut(
  config: Config,
  store: Store,
  sandbox: SandboxProcess | undefined,
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
    log,
    clock,
  })
  const list = (environment: string) => clusters.learnServices(environment)
  keeper = await createCatalogKeeper({ store, config, list, log, clock })
  const registry = createRegistryClient({ registries: registryAccess(config.registries, sandbox?.url), log, clock })
  return { clusters, keeper, registry }
}

/** `node main.ts [all | bot | worker | doctor | parse | chat | …]`: resolves with the exit code. */
async function commandLine([word = 'all', ...rest]: readonly string[]): Promise<number> {
  const role = ROLES.find((known) => known === word)
  if (role) return runRole(role)
  if (word === 'doctor') return doctor()
  return (await import('./bot/cli/command-line.ts')).runCommand(word, rest)
}

/** Asks the program that runs here, or else starts every part once on a port of its own, takes no jobs, looks, and ends it. */
async function doctor(): Promise<number> {
  const { checksOf, runDoctor, runningChecks } = await import('./bot/cli/doctor.ts')
  const config = loadConfig()
  const checks = config.store.kind === 'embedded' ? await runningChecks(config.dataFolder) : undefined
  if (checks) return runDoctor(checks, console.log)
  const role = config.cluster.kind === 'sandbox' && !config.cluster.url ? 'all' : 'bot'
  const aside = { ...config, listen: { host: '127.0.0.1', port: 0 } }
  const program = await startProgram(aside, role, createLogger('error'), { takesJobs: false })
  try {
    return await runDoctor(checksOf(program.health), console.log)
  } finally {
    await program.close()
  }
}

/** Runs until somebody ends it. */
async function runRole(role: Role): Promise<number> {
  const config = loadConfig()
  const log = createLogger(config.log.level)
  const program = await startProgram(config, role, log)
  for (const line of greeting(role, program)) console.log(line)
  const signal = await new Promise<string>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => resolve(name))
  })
  log.info({ signal }, 'Closing: what runs is handed back, and goes on at the next start.')
  await program.close()
  return 0
}

function greeting(role: Role, { address, firstAdminCode, sandboxUrl, store }: Program): string[] {
  if (!address) return [`Quarterdeck ${role} works.`]
  const lines = [`Quarterdeck is at ${address}`]
  if (sandboxUrl) lines.push(`It drives a simulated shop; its levers are at ${sandboxUrl}/control`)
  if (store.backend === 'pglite')
    lines.push('The store is embedded: for trying out, not for production (docs/operating.md).')
  if (firstAdminCode) lines.push(`Nobody is an admin yet. Say this there to become the first: claim ${firstAdminCode}`)
  return lines
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
