import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { parse } from 'yaml'
import { z } from 'zod'
import { startSandboxProcess } from '../../../clients/sandbox/process.ts'
import { type Config, configFrom } from '../../../core/config.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import { type Program, startProgram } from '../../../main.ts'
import { relayTo } from '../../../test/_harness/relay.ts'
import { peopleOn } from '../../../test/contracts/people.ts'
import { emptyDatabase } from '../../places.ts'
import { layOutEmpty, layOutShop } from '../frame/prepared.ts'
import type { Backend, ChatName } from '../prover.ts'
import type { Chat } from '../surfaces/chat.ts'
import { talkInChat } from '../surfaces/in-chat.ts'
import { talkOnPage } from '../surfaces/on-page.ts'
import { openChat } from '../surfaces/open.ts'
import type { Conversations } from '../surfaces/speaker.ts'
import { type CountingProxy, openCountingProxy } from './proxy.ts'
import { openSilence } from './silence.ts'
import { watchSteps } from './watch.ts'

const ROOT = join(import.meta.dirname, '../../..')
const SPEED = 12
const ENDED_WITHIN_MS = 60_000
/** What goes on in spite of a fault of ours would go on for minutes; longer than what is under way may take to be stopped. */
const SABOTAGED_ENDED_WITHIN_MS = 13_000

/** Where a service runs and nothing but us changes it. */
export interface Place {
  readonly service: string
  readonly environment: string
  readonly namespace: string
}
export interface Workload {
  readonly image: string
  readonly replicas: number
}

/** The real program on a backend, a simulated cluster behind a proxy that counts, a language model that never answers. */
export interface World {
  readonly backend: Backend
  /** How long an operation that was cancelled is waited for. */
  readonly endedWithinMs: number
  readonly program: Program
  readonly proxy: CountingProxy
  readonly places: readonly Place[]
  readonly talk: Conversations
  /** Where they talk, when it is not the page. */
  readonly chat: Chat | undefined
  /** What the cluster has, asked without the proxy. */
  workload(place: Place): Promise<Workload>
  workloads(places: readonly Place[]): Promise<readonly Workload[]>
  /** Ends the connections on which processes hear of each other, where there are any, again and again; resolves, after the first, with how to stop. */
  deafen(): Promise<() => Promise<void>>
  versions(place: Place): Promise<readonly string[]>
  /** Nothing is taken out of the queue any more, or put into it. */
  stopQueue(): Promise<void>
  close(): Promise<void>
}

const Deployment = z.object({
  metadata: z.object({
    name: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  spec: z.object({
    replicas: z.number(),
    template: z.object({ spec: z.object({ containers: z.array(z.object({ image: z.string() })).min(1) }) }),
  }),
})
const Scaler = z.object({ spec: z.object({ scaleTargetRef: z.object({ name: z.string() }) }) })
const list = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) })
const Tags = z.object({ tags: z.array(z.string()) })
/** What GitOps tools leave on what is theirs. */
const OWNED = /argocd|fluxcd|helm/i

/** Those of the example who ask, cancel, halt and resume. */
const PEOPLE = ['mira', 'jonas', 'sam'] as const

/** What the configuration says when people talk there. */
function chatIn(chat: Chat | undefined): object {
  return chat ? { ...chat.config, people: peopleOn(chat.name, (person) => chat.accountOf(person).id) } : {}
}

export async function openWorld({
  backend,
  sabotaged,
  surface,
}: {
  readonly backend: Backend
  readonly sabotaged: boolean
  readonly surface: ChatName | undefined
}): Promise<World> {
  const ends: (() => unknown)[] = []
  const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-cancel-'))
  ends.push(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }))
  const close = async () => {
    for (const end of ends.splice(0).reverse()) await end()
  }
  try {
    await layOutShop(join(folder, 'sandbox'))
    const sandbox = await startSandboxProcess({
      folder: join(folder, 'sandbox'),
      seed: 1,
      speed: SPEED,
      port: 0,
      log: silentLogger,
    })
    ends.push(() => sandbox.close())
    const proxy = await openCountingProxy(sandbox.url)
    ends.push(() => proxy.close())
    const silent = await openSilence()
    ends.push(silent.close)
    const chat = surface && (await openChat(surface, PEOPLE))
    if (chat) ends.push(() => chat.close())
    const place = await placeFor(backend, ends)
    if (backend === 'pglite') await layOutEmpty(join(folder, 'data'))
    const example: object = parse(readFileSync(join(ROOT, 'quarterdeck.yaml'), 'utf8'))
    const config = configFrom({
      ...example,
      ...place.config,
      dataFolder: join(folder, 'data'),
      listen: { host: '127.0.0.1', port: 0 },
      cluster: { sandbox: proxy.url },
      model: { url: `${silent.url}/v1`, name: 'silent', timeout: '1s' },
      ...chatIn(chat),
    })
    const started = await start(config, backend, ends)
    await watchSteps(started.talking.store)
    const address = () => started.talking.address ?? ''
    const workload = async ({ namespace, service }: Place): Promise<Workload> => {
      const { spec } = Deployment.parse(await json(`/apis/apps/v1/namespaces/${namespace}/deployments/${service}`))
      return { image: spec.template.spec.containers[0]?.image ?? '', replicas: spec.replicas }
    }
    const json = async (path: string) => (await fetch(`${sandbox.url}${path}`)).json()
    return {
      backend,
      endedWithinMs: sabotaged ? SABOTAGED_ENDED_WITHIN_MS : ENDED_WITHIN_MS,
      program: started.talking,
      proxy,
      places: await freePlaces(json),
      talk: chat ? talkInChat(chat, started.talking.store, address) : talkOnPage(address),
      chat,
      workload,
      workloads: (places) => Promise.all(places.map(workload)),
      deafen: () => deafen(place.databaseUrl),
      versions: async ({ service }) => Tags.parse(await json(`/v2/shop/${service}/tags/list`)).tags,
      async stopQueue() {
        if (place.cut) place.cut()
        else for (const jobs of started.jobs) await jobs.close()
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** One process for all on the embedded store; elsewhere those who talk and those who work meet in the store only. */
async function start(config: Config, backend: Backend, ends: (() => unknown)[]) {
  if (backend === 'pglite') {
    const program = await startProgram(config, 'all', silentLogger)
    ends.push(() => program.close())
    return { talking: program, jobs: [program.jobs] }
  }
  const talking = await startProgram(config, 'bot', silentLogger)
  ends.push(() => talking.close())
  const worker = await startProgram(config, 'worker', silentLogger)
  ends.push(() => worker.close())
  return { talking, jobs: [worker.jobs, talking.jobs] }
}

let secrets = 0
/** The configuration takes an address with a password by reference only. */
function reference(value: string): string {
  secrets += 1
  const name = `PROVE_CANCEL_${secrets}`
  process.env[name] = value
  return `env:${name}`
}

async function placeFor(
  backend: Backend,
  ends: (() => unknown)[],
): Promise<{ config: object; databaseUrl?: string; cut?: () => void }> {
  if (backend === 'pglite') return { config: { store: 'embedded', queue: 'store' } }
  const database = await emptyDatabase()
  ends.push(() => database.drop())
  const store = { url: reference(database.url) }
  const databaseUrl = database.url
  if (backend === 'postgres') return { config: { store, queue: 'store' }, databaseUrl }
  const relay = await relayTo(process.env.QUARTERDECK_TEST_REDIS ?? '')
  ends.push(() => relay.close())
  return { config: { store, queue: { redis: reference(relay.url) } }, databaseUrl, cut: () => relay.cut() }
}

/** Whoever listens is back within a second, and looks for itself then. */
const DEAFENED_EVERY_MS = 100

async function deafen(databaseUrl: string | undefined): Promise<() => Promise<void>> {
  if (!databaseUrl) return async () => {}
  const client = new pg.Client(databaseUrl)
  await client.connect()
  const end = () =>
    client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query ilike 'listen%'",
    )
  await end()
  let heard = false
  const ending = (async () => {
    while (!heard) {
      await pause(DEAFENED_EVERY_MS)
      await end()
    }
  })()
  return async () => {
    heard = true
    await ending
    await client.end()
  }
}

async function freePlaces(json: (path: string) => Promise<unknown>): Promise<Place[]> {
  const places: Place[] = []
  for (const environment of ['dev', 'staging']) {
    const namespace = `shop-${environment}`
    const { items } = list(Deployment).parse(await json(`/apis/apps/v1/namespaces/${namespace}/deployments`))
    const scalers = list(Scaler).parse(
      await json(`/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`),
    )
    const scaled = scalers.items.map(({ spec }) => spec.scaleTargetRef.name)
    for (const { metadata } of items) {
      const { name, labels, annotations } = metadata
      if (!scaled.includes(name) && !OWNED.test(JSON.stringify([labels, annotations])))
        places.push({ service: name, environment, namespace })
    }
  }
  if (places.length < 4) throw new Error(`Only ${places.length} workloads of the sandbox are free to be changed.`)
  return places
}
