import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { ConfigError } from '../errors.ts'
import type { Config } from './config.ts'
import { sandboxUrl } from './parts.ts'

/** The settings of a machine rather than of a company: QUARTERDECK_LISTEN, _METRICS, _DATA, _STORE_URL, _QUEUE_URL, _CLUSTER; and whether it is a pod. */
export function withEnvironment(config: Config, env: NodeJS.ProcessEnv): Config {
  const { QUARTERDECK_LISTEN, QUARTERDECK_DATA, QUARTERDECK_STORE_URL, QUARTERDECK_QUEUE_URL, QUARTERDECK_CLUSTER } =
    env
  // Kubernetes goes on sending people to a pod for a moment after it asked it to end.
  const drainMs = config.drainMs ?? (env.KUBERNETES_SERVICE_HOST ? 5_000 : undefined)
  const over: { -readonly [Key in keyof Config]?: Config[Key] } = {}
  if (QUARTERDECK_LISTEN) over.listen = addressOf('QUARTERDECK_LISTEN', QUARTERDECK_LISTEN, config.listen.host)
  const metrics = env.QUARTERDECK_METRICS
  if (metrics) over.metrics = addressOf('QUARTERDECK_METRICS', metrics, config.metrics?.host ?? '127.0.0.1')
  if (QUARTERDECK_DATA) over.dataFolder = pathOf(QUARTERDECK_DATA)
  if (QUARTERDECK_STORE_URL) {
    requireScheme('QUARTERDECK_STORE_URL', QUARTERDECK_STORE_URL, ['postgres:', 'postgresql:'])
    over.store = { kind: 'postgres', url: 'env:QUARTERDECK_STORE_URL' }
  }
  if (QUARTERDECK_QUEUE_URL === 'store') over.queue = { kind: 'store' }
  else if (QUARTERDECK_QUEUE_URL) {
    requireScheme('QUARTERDECK_QUEUE_URL', QUARTERDECK_QUEUE_URL, ['redis:', 'rediss:'], ' or "store"')
    over.queue = { kind: 'redis', url: 'env:QUARTERDECK_QUEUE_URL' }
  }
  if (QUARTERDECK_CLUSTER)
    over.cluster =
      QUARTERDECK_CLUSTER === 'sandbox'
        ? { kind: 'sandbox' }
        : /^[a-z]+:\/\//i.test(QUARTERDECK_CLUSTER)
          ? { kind: 'sandbox', url: sandboxUrlOf(QUARTERDECK_CLUSTER) }
          : { kind: 'kubeconfig', path: pathOf(QUARTERDECK_CLUSTER) }
  return { ...config, drainMs, ...over }
}

/** `8321`, `127.0.0.1:8321`, `[::1]:8321` or `:0`. */
function addressOf(variable: string, text: string, otherwise: string): Config['listen'] {
  const match = /^(?:(?:\[([0-9a-f:.]+)\]|([\w.-]*)):)?(\d{1,5})$/i.exec(text)
  const port = Number(match?.[3])
  if (!match || port > 65_535)
    throw new ConfigError(`${variable} is "${text}"; write an address and a port like 127.0.0.1:8321, or a port.`)
  return { host: match[1] || match[2] || otherwise, port }
}

/** `~` is the shell's, which an env file and a container's settings do not pass through. */
const pathOf = (text: string) => resolve(text.replace(/^~(?=\/)/, homedir()))

/** The value is not shown: it may hold a password. */
function sandboxUrlOf(text: string): string {
  if (sandboxUrl.safeParse(text).success) return text
  throw new ConfigError(
    `QUARTERDECK_CLUSTER is not the address of a sandbox, or bears a password; write sandbox, the address of one like http://127.0.0.1:8001, or the path of a kubeconfig.`,
  )
}

/** The value is not shown: it may hold a password. */
function requireScheme(variable: string, value: string, schemes: readonly string[], also = ''): void {
  if (!URL.canParse(value) || !schemes.includes(new URL(value).protocol))
    throw new ConfigError(
      `${variable} is not an address that starts with ${schemes[0]}//; write one${also} (signs like / # and % of a password are written %2F, %23 and %25).`,
    )
}
