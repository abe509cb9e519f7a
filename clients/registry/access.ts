/** How to reach one registry. */
export interface RegistryAccess {
  /** Where its API is, when not `https://<host>`: a mirror, a port-forward, a sandbox. */
  readonly url?: string
  /** Resolved late, for every new token. */
  readonly credentials?: () => Promise<{ readonly username: string; readonly password: string } | undefined>
}

export interface Location {
  /** As in the image: the host that people know it by. */
  readonly host: string
  /** Base URL without a trailing slash. */
  readonly url: string
  /** The repository's path in the registry. */
  readonly name: string
  readonly access: RegistryAccess
}

const DOCKER_HUB = 'docker.io'
const DOCKER_HUB_API = 'https://registry-1.docker.io'

/**
 * Where a repository is. As the container runtimes do it, the first part is a host when it has a dot or a colon or is
 * `localhost`; anything else is on Docker Hub, under `library/` when it has one part only.
 */
export function locateRepository(
  repository: string,
  registries: (host: string) => RegistryAccess | undefined,
): Location {
  const slash = repository.indexOf('/')
  const first = slash < 0 ? '' : repository.slice(0, slash)
  const hasHost = first.includes('.') || first.includes(':') || first === 'localhost'
  const named = hasHost ? first : DOCKER_HUB
  const host = named === 'index.docker.io' ? DOCKER_HUB : named
  const path = hasHost ? repository.slice(slash + 1) : repository
  const access = registries(host) ?? {}
  const url = access.url ?? (host === DOCKER_HUB ? DOCKER_HUB_API : `https://${host}`)
  return {
    host,
    url: url.replace(/\/$/, ''),
    name: host === DOCKER_HUB && !path.includes('/') ? `library/${path}` : path,
    access,
  }
}
