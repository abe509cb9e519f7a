import { writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { createApi } from './api/api-server.ts'
import { ApiFaults } from './api/faults.ts'
import { SimulatedClock } from './clock.ts'
import { kubeconfigFor } from './kubeconfig.ts'
import type { Mount, World } from './mounts.ts'
import { createRandom } from './random.ts'
import { readSnapshot, writeSnapshot } from './snapshot.ts'
import { ObjectStore } from './store/object-store.ts'
import { createWorld } from './world/world.ts'

/** Clients want a token to send. Not a word that people say: whatever is a token is struck out of every card and log. */
const NO_TOKEN = 'the-sandbox-asks-for-no-token'

const SNAPSHOT_INTERVAL_MS = 5_000

export interface SandboxOptions {
  /** 0 (default): any free port. */
  port?: number
  /** 127.0.0.1 when absent: the sandbox protects nothing. */
  host?: string
  seed?: number
  /** Simulated seconds per real second; 1 when absent. */
  speed?: number
  /** Where the cluster is kept between runs; without it a restart begins anew. */
  dataFile?: string
  /** The one bearer token that is accepted; without it any caller is. kubectl sends none over plain HTTP. */
  token?: string
  /** Simulated time of a new cluster; the present when absent. */
  startAtMs?: number
  /** Fill in two weeks of metrics and deploy history; true when absent. Tests that look at nothing older start faster without. */
  withPast?: boolean
}

export interface Sandbox {
  url: string
  /** YAML with one context, `sandbox`. */
  kubeconfig(): string
  store: ObjectStore
  clock: SimulatedClock
  faults: ApiFaults
  close(): Promise<void>
}

/**
 * Starts the simulated cluster and serves it over HTTP: the Kubernetes API at `/`, and what the world mounts beside it.
 * @throws Error when the port is taken or the data file is damaged
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const snapshot = options.dataFile ? readSnapshot(options.dataFile) : undefined
  const startAtMs = snapshot ? Math.max(snapshot.clockMs, Date.now()) : options.startAtMs
  const clock = new SimulatedClock({ ...(startAtMs === undefined ? {} : { startAtMs }), onError: reportBug })
  const random = createRandom(options.seed ?? 1)
  // The version in the name keeps a restarted cluster from handing out the same uids again.
  const uids = random.fork(`uids/${snapshot?.store.version ?? 0}`)
  const store = new ObjectStore({ now: () => clock.date(), uid: () => uids.uuid() })
  if (snapshot) store.load(snapshot.store)
  else createSystemNamespaces(store)
  const faultRolls = random.fork('api-faults')
  const faults = new ApiFaults(() => faultRolls.next())
  const world = createWorld({ store, clock, random, faults, withPast: options.withPast ?? true })
  world.start()
  clock.run(options.speed ?? 1)

  const api = createApi({ store, faults, readLogs: world.logs, ...(options.token ? { token: options.token } : {}) })
  const server = createServer((request, response) => void route(world, api, request, response))
  const url = await listen(server, options.port ?? 0, options.host ?? '127.0.0.1')
  const stopSnapshots = keepSnapshots(options.dataFile, store, clock)

  return {
    url,
    kubeconfig: () => kubeconfigFor(url, options.token ?? NO_TOKEN),
    store,
    clock,
    faults,
    close: async () => {
      clock.stop()
      world.stop()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      stopSnapshots()
    },
  }
}

function reportBug(error: unknown): void {
  console.error('A part of the sandbox failed and the rest goes on; this is a bug in the sandbox:', error)
}

function createSystemNamespaces(store: ObjectStore): void {
  for (const name of ['default', 'kube-node-lease', 'kube-public', 'kube-system']) {
    store.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  }
}

async function route(
  world: World,
  api: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const mount = world.mounts.find((candidate) => isUnder(candidate, request.url ?? '/'))
  try {
    await (mount ? mount.handler(request, response) : api(request, response))
  } catch (error) {
    reportBug(error)
    if (response.headersSent) response.destroy()
    else
      response
        .writeHead(500, { 'Content-Type': 'text/plain' })
        .end('The sandbox failed on this request; see its log.\n')
  }
}

function isUnder({ prefix }: Mount, url: string): boolean {
  const path = url.split('?')[0] ?? ''
  return path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`)
}

function listen(server: Server, port: number, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(new Error(`The sandbox cannot listen on ${host}:${port}: ${error.message}. Choose another port.`)),
    )
    server.listen(port, host, () => {
      const { port: chosen } = server.address() as AddressInfo // a TCP server has one
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${chosen}`)
    })
  })
}

/** Writes the cluster down every few seconds when it changed. @returns a function that writes it once more and stops */
function keepSnapshots(path: string | undefined, store: ObjectStore, clock: SimulatedClock): () => void {
  if (!path) return () => {}
  let written = 0
  const write = () => {
    if (store.version === written) return
    writeSnapshot(path, store, clock.now())
    written = store.version
  }
  write()
  const timer = setInterval(() => {
    try {
      write()
    } catch (error) {
      console.error(`The sandbox cannot write its snapshot ${path} and will try again: ${String(error)}`)
    }
  }, SNAPSHOT_INTERVAL_MS)
  timer.unref()
  return () => {
    clearInterval(timer)
    write()
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8001' },
      host: { type: 'string', default: '127.0.0.1' },
      seed: { type: 'string', default: '1' },
      speed: { type: 'string', default: '1' },
      token: { type: 'string' },
      'data-file': { type: 'string' },
      kubeconfig: { type: 'string', default: join(tmpdir(), `sandbox-kubeconfig-${process.pid}.yaml`) },
    },
  })
  const sandbox = await startSandbox({
    port: numberFlag('port', values.port),
    host: values.host,
    seed: numberFlag('seed', values.seed),
    speed: numberFlag('speed', values.speed),
    token: values.token,
    dataFile: values['data-file'],
  })
  writeFileSync(values.kubeconfig, sandbox.kubeconfig(), { mode: 0o600 })
  console.log(`Sandbox cluster at ${sandbox.url}, kubeconfig in ${values.kubeconfig}`)
  // A parent that forked this process learns the same as data.
  process.send?.({ url: sandbox.url, kubeconfig: values.kubeconfig })
  const end = () => void sandbox.close().then(() => process.exit(0))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end)
  // A forked sandbox ends with its parent, however that ended; the snapshot keeps the cluster for the next one.
  process.once('disconnect', end)
}

function numberFlag(name: string, text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new Error(`--${name} needs a number, not "${text}".`)
  return value
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  })
}
