import type { RegistryConfig } from '../../core/config/config.ts'
import { resolveSecret } from '../../core/secrets.ts'
import type { RegistryAccess } from './access.ts'

/** The host in the names of the sandbox's images; its API is wherever the sandbox listens. */
const SANDBOX_REGISTRY = 'registry.sandbox.test'

/** How each registry is reached, by the host in the image's name: as configured, or the sandbox's own. Secrets are resolved late. */
export function registryAccess(
  registries: readonly RegistryConfig[],
  sandboxUrl: string | undefined,
): (host: string) => RegistryAccess | undefined {
  return (host) => {
    const known = registries.find((registry) => registry.host === host)
    if (!known) return sandboxUrl && host === SANDBOX_REGISTRY ? { url: sandboxUrl } : undefined
    const { url, username, password } = known
    if (!username || !password) return { url }
    return { url, credentials: async () => ({ username: resolveSecret(username), password: resolveSecret(password) }) }
  }
}
