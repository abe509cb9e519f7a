import { createHmac, hash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import pg from 'pg'
import { parse, stringify } from 'yaml'
import { sessionSecret } from '../../../bot/web/session.ts'
import { peopleOn } from '../../../test/contracts/people.ts'
import { emptyDatabase } from '../../places.ts'
import { layOutEmpty } from '../frame/prepared.ts'
import type { Backend } from '../prover.ts'
import type { Chat } from '../surfaces/chat.ts'
import { type Canaries, toldValue } from './canaries.ts'

const ROOT = join(import.meta.dirname, '../../..')
const REGISTRY = 'registry.sandbox.test'

/** A data folder and a configuration whose every secret is a canary; the environment that the program is to be started in. */
export interface Prepared {
  readonly folder: string
  readonly dataFolder: string
  readonly env: Record<string, string>
  /** Signs people in without the provider: the secret of the login, of which the program makes its own, is ours. */
  cookieOf(person: string): string
  /** Files that hold secrets because that is what they are for. */
  readonly secretFiles: readonly string[]
  /** Digests of the files that lay in the data folder before the program was started. */
  readonly laidOut: ReadonlyMap<string, string>
  readonly databaseUrl: string | undefined
  readonly redisUrl: string | undefined
  drop(): Promise<void>
}

export const digestOf = (bytes: Buffer): string => hash('sha1', bytes)

function digestsOf(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = files.map((entry) => join(entry.parentPath, entry.name))
  return new Map(paths.map((path) => [path, digestOf(readFileSync(path))]))
}

/** @param chat where people talk as well */
export async function prepare(backend: Backend, outside: string, canaries: Canaries, chat?: Chat): Promise<Prepared> {
  const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-secrets-'))
  const dataFolder = join(folder, 'data')
  mkdirSync(dataFolder, { mode: 0o700 })
  if (backend === 'pglite') await layOutEmpty(dataFolder)
  const laidOut = digestsOf(dataFolder)
  // From the time before there was a login.
  const oldSecret = join(dataFolder, 'session-secret')
  writeFileSync(oldSecret, toldValue(canaries, 'session secret'), { mode: 0o600 })
  const signs = await sessionSecret(dataFolder, toldValue(canaries, 'login secret'))
  const kubeconfig = join(folder, 'kubeconfig.yaml')
  writeFileSync(kubeconfig, kubeconfigFor(outside, toldValue(canaries, 'kubeconfig token')))
  const password = join(folder, 'registry-password')
  writeFileSync(password, `${toldValue(canaries, 'registry password')}\n`)
  const services = await servicesFor(backend, canaries)
  const example: object = parse(readFileSync(join(ROOT, 'quarterdeck.yaml'), 'utf8'))
  const file = join(folder, 'quarterdeck.yaml')
  writeFileSync(
    file,
    stringify({
      ...example,
      ...services.config,
      dataFolder,
      listen: { host: '127.0.0.1', port: 0 },
      cluster: { kubeconfig },
      registries: { [REGISTRY]: { url: outside, username: 'env:CANARY_REGISTRY_USER', password: `file:${password}` } },
      model: { url: `${outside}/model/v1`, name: 'm', key: 'env:CANARY_MODEL_KEY', timeout: '2s' },
      login: {
        issuer: `${outside}/login/`,
        clientId: 'q',
        clientSecret: 'env:CANARY_LOGIN_SECRET',
        address: 'http://127.0.0.1:1',
      },
      ...(chat && { ...chat.config, people: peopleOn(chat.name, (person) => chat.accountOf(person).id) }),
      log: 'debug',
    }),
  )
  return {
    folder,
    dataFolder,
    secretFiles: [oldSecret],
    laidOut,
    env: {
      QUARTERDECK_CONFIG: file,
      CANARY_MODEL_KEY: toldValue(canaries, 'model key'),
      CANARY_REGISTRY_USER: toldValue(canaries, 'registry user'),
      CANARY_LOGIN_SECRET: toldValue(canaries, 'login secret'),
      ...services.env,
      ...Object.fromEntries(canaries.variables.map(({ name, value }) => [name, value])),
    },
    cookieOf(person) {
      const session = [{ personId: person, surface: 'web', by: 'login' }, Date.now() + 3_600_000]
      const body = Buffer.from(JSON.stringify(session)).toString('base64url')
      const sign = createHmac('sha256', signs)
      return `quarterdeck_session=${body}.${sign.update(`quarterdeck_session ${body}`).digest('base64url')}`
    },
    databaseUrl: services.databaseUrl,
    redisUrl: services.redisUrl,
    drop: services.drop,
  }
}

const kubeconfigFor = (server: string, token: string) =>
  stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'sandbox', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'sandbox', user: { token } }],
    contexts: [{ name: 'sandbox', context: { cluster: 'sandbox', user: 'sandbox' } }],
  })

/** Accounts of their own on the servers, whose passwords are canaries; they go when it is over. */
async function servicesFor(backend: Backend, canaries: Canaries) {
  const ends: (() => Promise<unknown>)[] = []
  const drop = async () => {
    for (const end of ends.reverse()) await end()
  }
  const embedded = {
    config: { store: 'embedded', queue: 'store' },
    env: {},
    databaseUrl: undefined,
    redisUrl: undefined,
    drop,
  }
  if (backend === 'pglite') return embedded
  const database = await emptyDatabase()
  const role = `canary_${process.pid}`
  const admin = new pg.Client(database.url)
  await admin.connect()
  await admin.query(`create role ${role} login superuser password '${toldValue(canaries, 'store password')}'`)
  await admin.end()
  const server = process.env.QUARTERDECK_TEST_POSTGRES ?? ''
  ends.push(async () => {
    const last = new pg.Client(server)
    await last.connect()
    await last.query(`drop role if exists ${role}`)
    await last.end()
  })
  ends.push(() => database.drop())
  const url = new URL(database.url)
  url.username = role
  url.password = toldValue(canaries, 'store password')
  const store = { store: { url: 'env:CANARY_STORE' }, queue: 'store' as unknown }
  const env: Record<string, string> = { CANARY_STORE: url.href }
  if (backend === 'postgres') return { config: store, env, databaseUrl: database.url, redisUrl: undefined, drop }
  const redisUrl = process.env.QUARTERDECK_TEST_REDIS ?? ''
  const redis = new Redis(redisUrl)
  await redis.call('ACL', 'SETUSER', role, 'on', `>${toldValue(canaries, 'queue password')}`, '~*', '&*', '+@all')
  ends.push(async () => {
    await redis.call('ACL', 'DELUSER', role)
    redis.disconnect()
  })
  const queue = new URL(redisUrl)
  queue.username = role
  queue.password = toldValue(canaries, 'queue password')
  env.CANARY_QUEUE = queue.href
  return { config: { ...store, queue: { redis: 'env:CANARY_QUEUE' } }, env, databaseUrl: database.url, redisUrl, drop }
}
