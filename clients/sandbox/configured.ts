import { join } from 'node:path'
import type { Config } from '../../core/config/config.ts'
import { ConfigError } from '../../core/errors.ts'
import type { Logger } from '../../core/ports/logger.ts'
import { type SandboxProcess, startSandboxProcess } from './process.ts'
import { reachSandbox } from './reach.ts'

/** The sandbox that the configuration names: somebody else's, or one of our own, which only a program that is alone may start. */
export async function configuredSandbox(
  config: Config,
  { alone, role, log }: { readonly alone: boolean; readonly role: string; readonly log: Logger },
): Promise<SandboxProcess | undefined> {
  if (config.cluster.kind !== 'sandbox') return undefined
  const folder = join(config.dataFolder, 'sandbox')
  if (config.cluster.url) return reachSandbox(config.cluster.url, folder)
  if (alone) return startSandboxProcess({ ...config.sandbox, folder, log })
  throw new ConfigError(
    `cluster: sandbox lives inside one process, so "${role}" apart cannot reach it: run one by itself (node sandbox/server.ts) and name its address (cluster: { sandbox: http://… }, or QUARTERDECK_CLUSTER), or name a kubeconfig.`,
  )
}
