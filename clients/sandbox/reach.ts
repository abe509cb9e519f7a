import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { ConfigError, messageOf } from '../../core/errors.ts'
import type { SandboxProcess } from './process.ts'

const PATIENCE_MS = 10_000
const Version = z.object({ gitCommit: z.string() })

/**
 * A sandbox that runs by itself (`node sandbox/server.ts`), so that a bot and its workers may share it and outlive one another. Throws
 * ConfigError when nothing answers there, or something that is no sandbox: a real cluster must never pass for one.
 */
export async function reachSandbox(address: string, folder: string): Promise<SandboxProcess> {
  const url = address.replace(/\/+$/, '')
  let commit: string
  try {
    const response = await fetch(`${url}/version`, { signal: AbortSignal.timeout(PATIENCE_MS) })
    commit = Version.parse(await response.json()).gitCommit
  } catch (error) {
    throw new ConfigError(
      `No sandbox answers at ${url}: ${messageOf(error)}. Start it (node sandbox/server.ts --port …), or mend the address.`,
    )
  }
  if (commit !== 'sandbox')
    throw new ConfigError(
      `What answers at ${url} is no sandbox. Name a real cluster by its kubeconfig (cluster: { kubeconfig: … }).`,
    )
  const kubeconfig = join(folder, 'kubeconfig.yaml')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // Processes that share the folder write the same; the rename makes each find it whole.
  await writeFile(`${kubeconfig}.${process.pid}`, kubeconfigFor(url), { mode: 0o600 })
  await rename(`${kubeconfig}.${process.pid}`, kubeconfig)
  return { url, kubeconfig, close: async () => {} }
}

/** JSON is YAML. The client speaks plain HTTP only when told not to verify. */
function kubeconfigFor(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'sandbox', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'sandbox', user: { token: 'sandbox' } }],
    contexts: [{ name: 'sandbox', context: { cluster: 'sandbox', user: 'sandbox', namespace: 'default' } }],
    'current-context': 'sandbox',
  })
}
