import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Cluster, Context, User } from '@kubernetes/client-node/dist/config_types.js'
import { newClusters, newContexts, newUsers } from '@kubernetes/client-node/dist/config_types.js'
import { Agent, type Dispatcher } from 'undici'
import { parse } from 'yaml'
import { z } from 'zod'
import { ConfigError, messageOf } from '../../core/errors.ts'
import { Trouble } from '../trouble.ts'
import { type Credentials, createCredentials, usesPlainCredentials } from './credentials.ts'

/** Where a kubeconfig comes from. `inCluster` uses the pod's own service account. */
export type KubeconfigSource = { readonly file: string } | { readonly text: string } | { readonly inCluster: true }

/** How to reach one API server as one user. */
export interface Connection {
  /** Base URL without a trailing slash. */
  readonly server: string
  /** Fresh headers and the pool that carries the right certificates; asked for every call, since tokens expire. */
  authorize(): Promise<{ readonly headers: Record<string, string>; readonly dispatcher: Dispatcher }>
  close(): Promise<void>
}

export const CONNECT_TIMEOUT_MS = 5_000
const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'

const Kubeconfig = z.looseObject({
  clusters: z.array(z.looseObject({})).default([]),
  contexts: z.array(z.looseObject({})).default([]),
  users: z
    .array(z.looseObject({ name: z.string(), user: z.looseObject({ tokenFile: z.string().optional() }).nullish() }))
    .default([]),
})

/**
 * Opens what a kubeconfig's context describes. Tokens, token files, client certificates, basic auth and exec plugins go the
 * short way, through the library's own parts; a proxy or an OIDC/cloud auth-provider loads the library's whole KubeConfig,
 * which brings every generated model with it (80 MB measured in a worker: more than its whole budget leaves).
 * Throws ConfigError that names the file and what is missing in it.
 */
export async function connect(source: KubeconfigSource, contextName: string): Promise<Connection> {
  const { cluster, user, everything } = await readKubeconfig(source, contextName)
  if (cluster.proxyUrl || !usesPlainCredentials(user)) {
    const { connectThroughLibrary } = await import('./connection-library.ts')
    return connectThroughLibrary(everything, contextName, cluster.server)
  }
  const credentials = createCredentials(user)
  const ca = cluster.caData ? Buffer.from(cluster.caData, 'base64') : cluster.caFile && (await readFile(cluster.caFile))
  const open = (tls: Credentials['tls']) =>
    new Agent({
      connect: {
        timeout: CONNECT_TIMEOUT_MS,
        ...tls,
        ...(ca ? { ca } : {}),
        ...(cluster.tlsServerName ? { servername: cluster.tlsServerName } : {}),
        ...(cluster.skipTLSVerify ? { rejectUnauthorized: false } : {}),
      },
    })
  let agent: Agent | undefined
  let certificate: string | undefined
  return {
    server: cluster.server,
    async authorize() {
      const { headers, tls } = await credentials().catch((error) => {
        throw new ConfigError(
          `The kubeconfig's credentials for "${contextName}" cannot be had: ${messageOf(error).trim()}.`,
        )
      })
      const presented = `${tls.cert ?? ''}${tls.key ?? ''}`
      // An exec plugin may hand out a new client certificate: then a new pool; the old one ends with its last call.
      if (agent && presented !== certificate) void agent.close()
      if (!agent || presented !== certificate) agent = open(tls)
      certificate = presented
      return { headers, dispatcher: agent }
    },
    close: async () => agent?.destroy(),
  }
}

/** Throws Trouble when a plugin hangs: it must hold neither the call nor those that wait for this one to try the circuit. */
export async function authorizeInTime(
  connection: Connection,
  signal: AbortSignal,
  timeoutMs: number,
): ReturnType<Connection['authorize']> {
  const either = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
  either.throwIfAborted()
  const { promise: late, reject } = Promise.withResolvers<never>()
  const giveUp = () => {
    const timedOut = either.reason instanceof Error && either.reason.name === 'TimeoutError'
    reject(timedOut ? new Trouble("the kubeconfig's credentials cannot be had in time") : either.reason)
  }
  either.addEventListener('abort', giveUp, { once: true })
  try {
    return await Promise.race([connection.authorize(), late])
  } finally {
    either.removeEventListener('abort', giveUp)
  }
}

interface Chosen {
  readonly cluster: Cluster
  readonly user: User | undefined
  readonly everything: { clusters: Cluster[]; users: User[]; contexts: Context[]; currentContext: string }
}

async function readKubeconfig(source: KubeconfigSource, contextName: string): Promise<Chosen> {
  if ('inCluster' in source) return inCluster()
  const where = 'file' in source ? `the kubeconfig ${source.file}` : 'the kubeconfig'
  let everything: Chosen['everything']
  try {
    const raw = Kubeconfig.parse(parse('file' in source ? await readFile(source.file, 'utf8') : source.text))
    const users = newUsers(raw.users)
    for (const { name, user } of raw.users) {
      const known = users.find((candidate) => candidate.name === name)
      if (known && user?.tokenFile) Object.assign(known, tokenFromFile(user.tokenFile))
    }
    everything = {
      clusters: newClusters(raw.clusters),
      users,
      contexts: newContexts(raw.contexts),
      currentContext: contextName,
    }
  } catch (error) {
    throw new ConfigError(`Cannot read ${where}: ${messageOf(error)}.`)
  }
  const context = everything.contexts.find(({ name }) => name === contextName)
  if (!context) {
    const known = everything.contexts.map(({ name }) => name).join(', ') || 'none'
    throw new ConfigError(`${where} has no context "${contextName}" (it has: ${known}); see environments.*.cluster.`)
  }
  const cluster = everything.clusters.find(({ name }) => name === context.cluster)
  if (!cluster)
    throw new ConfigError(
      `${where}: context "${contextName}" names the cluster "${context.cluster}", which is not there.`,
    )
  const user = everything.users.find(({ name }) => name === context.user)
  if ('file' in source) makeAbsolute(dirname(source.file), cluster, user)
  return { cluster, user, everything }
}

/** Inside a pod the API server has one name in the cluster's DNS, whatever the environment variables say. */
function inCluster(): Chosen {
  const cluster: Cluster = {
    name: 'in-cluster',
    server: 'https://kubernetes.default.svc',
    caFile: `${ACCOUNT}/ca.crt`,
    skipTLSVerify: false,
  }
  const user: User = { name: 'in-cluster', ...tokenFromFile(`${ACCOUNT}/token`) }
  const everything = { clusters: [cluster], users: [user], contexts: [], currentContext: 'in-cluster' }
  return { cluster, user, everything }
}

const tokenFromFile = (tokenFile: string) => ({ authProvider: { name: 'tokenFile', config: { tokenFile } } })

/** Paths in a kubeconfig are relative to its own folder. */
function makeAbsolute(folder: string, cluster: Cluster, user: User | undefined): void {
  if (cluster.caFile) cluster.caFile = resolve(folder, cluster.caFile)
  if (user?.certFile) user.certFile = resolve(folder, user.certFile)
  if (user?.keyFile) user.keyFile = resolve(folder, user.keyFile)
  const tokenFile = user?.authProvider?.config?.tokenFile
  if (tokenFile) user.authProvider.config.tokenFile = resolve(folder, tokenFile)
}
