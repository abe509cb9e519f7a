import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { SIGNING_SECRET } from '../../../test/bot/slack/signed.ts'
import { layOutEmpty } from '../frame/prepared.ts'
import { startChild } from '../secrets/program.ts'
import { AT_ONCE, serviceNumber } from './interaction.ts'
import { SPEAKER, type Workspace } from './workspace.ts'

/** A cluster that nobody answers for: nothing that is said here asks it anything. */
const NO_CLUSTER = {
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'none', cluster: { server: 'http://127.0.0.1:9' } }],
  users: [{ name: 'nobody', user: {} }],
  contexts: [{ name: 'none', context: { cluster: 'none', user: 'nobody' } }],
  'current-context': 'none',
}

/** What is there beside Slack. */
type Scene = Readonly<Record<string, unknown>>

interface Setting {
  readonly workspace: Workspace
  /** A reference to a database's address, or the program's own. */
  readonly store: { readonly url: string } | 'embedded'
  readonly queue?: { readonly redis: string } | 'store'
  /** Over Socket Mode in place of HTTP. */
  readonly isSocket?: boolean
  /** Somebody in it has the speaker's account; without one there is nobody but the speaker, and nothing to drive. */
  readonly scene?: Scene
}

export interface SlackPrograms {
  readonly addresses: readonly string[]
  close(): Promise<void>
}

/** Writes a configuration with Slack into `folder`, beside the secrets that it refers to; returns its path. */
export async function writeConfiguration(folder: string, setting: Setting): Promise<string> {
  const { workspace, store, queue = 'store', isSocket = false } = setting
  const secret = async (name: string, value: string) => {
    await writeFile(join(folder, name), value)
    return `file:${join(folder, name)}`
  }
  const received = isSocket
    ? { appToken: await secret('app', 'xapp-of-a-proof') }
    : { signingSecret: await secret('signing', SIGNING_SECRET) }
  const file = join(folder, 'quarterdeck.yaml')
  const configuration = {
    ...(setting.scene ?? (await nowhere(folder))),
    ...{ listen: { host: '127.0.0.1', port: 0 }, log: 'warn', dataFolder: dataIn(folder) },
    store: store === 'embedded' ? store : { url: await secret('database', store.url) },
    queue: queue === 'store' ? queue : { redis: await secret('queue', queue.redis) },
    slack: { ...received, botToken: await secret('token', 'xoxb-of-a-proof'), api: workspace.api },
  }
  await writeFile(file, stringify(configuration))
  return file
}

const dataIn = (folder: string): string => join(folder, 'data')

async function nowhere(folder: string): Promise<Scene> {
  const kubeconfig = join(folder, 'kubeconfig.yaml')
  await writeFile(kubeconfig, stringify(NO_CLUSTER))
  const roles = [{ role: 'operator', environments: '*', teams: '*' }]
  return {
    cluster: { kubeconfig },
    environments: {
      production: { cluster: 'none', namespace: 'shop' },
      staging: { cluster: 'none', namespace: 'shop-staging' },
    },
    services: Object.fromEntries(Array.from({ length: AT_ONCE }, (_, index) => [serviceNumber(index), {}])),
    people: { speaker: { name: 'A speaker', accounts: { slack: SPEAKER }, roles } },
  }
}

/** Real programs in processes of their own, in one workspace: on the database at `store.url`, or one alone on an embedded store. */
export async function startPrograms(setting: Setting, count = 1): Promise<SlackPrograms> {
  const folders: string[] = []
  const start = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-prove-slack-'))
    folders.push(folder)
    if (setting.store === 'embedded') await layOutEmpty(dataIn(folder))
    return startChild({ QUARTERDECK_CONFIG: await writeConfiguration(folder, setting) })
  }
  const started = await Promise.all(Array.from({ length: count }, start))
  return {
    addresses: started.map(({ address }) => address),
    async close() {
      await Promise.all(started.map((program) => program.end()))
      const gone = { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }
      await Promise.all(folders.map((folder) => rm(folder, gone)))
    },
  }
}
