import { hash32 } from '../../random.ts'
import type { ImageSource } from '../../registry/images.ts'
import { type Behaviour, type BehaviourName, behaviours } from '../behaviour.ts'
import type { EnvironmentName } from './environments.ts'
import { type ShopService, services } from './services.ts'

export const registryHost = 'registry.sandbox.test'

export interface ShopVersion {
  service: string
  version: string
  behaviour: BehaviourName
}

const dayMs = 86_400_000

/**
 * The versions of a service whose line is 1.4: the same pattern for every service, so that one table explains all.
 * 1.6.0 is left out on purpose: everybody talks about it, but no registry has it.
 */
export function versionsOf(service: Pick<ShopService, 'name' | 'line'>): ShopVersion[] {
  const [major, minor] = service.line
  const older = minor > 0 ? `${major}.${minor - 1}` : `${major - 1}.9`
  const current = `${major}.${minor}`
  const next = `${major}.${minor + 1}`
  const pattern: [string, BehaviourName][] = [
    [`${older}.0`, 'healthy'],
    [`${older}.1`, 'healthy'],
    [`${current}.0`, 'healthy'],
    [`${current}.1`, 'healthy'],
    [`${current}.2`, 'healthy'],
    [`${next}.0`, 'crash'],
    [`${next}.1`, 'slow-start'],
    [`${next}.2`, 'errors'],
    [`${next}.3`, 'leak'],
    [`${next}.4`, 'never-ready'],
    [`${next}.5`, 'hang'],
    [`${next}.6`, 'slow'],
  ]
  return pattern.map(([version, behaviour]) => ({ service: service.name, version, behaviour }))
}

/** What runs at the beginning: production and staging on x.y.1, dev already on x.y.2; before that x.y.0. */
export function startingVersion(service: ShopService, environment: EnvironmentName, earlier: boolean): string {
  const [major, minor] = service.line
  return `${major}.${minor}.${earlier ? 0 : environment === 'dev' ? 2 : 1}`
}

export function imageOf(service: string, version: string): string {
  return `${registryHost}/shop/${service}:${version}`
}

/** Which image does what, by repository and tag; grows when the control page publishes. */
export class VersionBook {
  readonly #behaviours = new Map<string, Behaviour>()

  constructor() {
    for (const service of services) {
      for (const { version, behaviour } of versionsOf(service)) this.set(service.name, version, behaviour)
    }
  }

  set(service: string, version: string, behaviour: BehaviourName): void {
    this.#behaviours.set(`shop/${service}:${version}`, behaviours[behaviour])
  }

  /** How the program in this image behaves; healthy when nothing is known about it. */
  behaviourOf(repository: string, tag: string | undefined): Behaviour {
    return this.#behaviours.get(`${repository}:${tag}`) ?? behaviours.healthy
  }
}

/** The image as it was built: date and commit follow from its name, so that digests are the same on every machine. */
export function imageSource(service: string, version: string, createdAt?: Date): ImageSource {
  const hash = (salt: string) => hash32(`${salt}/${service}/${version}`)
  const hex = (salt: string) => hash(salt).toString(16).padStart(8, '0')
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  const age = (major * 97 + minor * 12 + patch) * 5 * dayMs
  return {
    repository: `shop/${service}`,
    tag: version,
    createdAt: createdAt ?? new Date(Date.UTC(2023, 0, 9, 10, 30) + age + (hash('time') % dayMs)),
    revision: ['a', 'b', 'c', 'd', 'e'].map(hex).join(''),
    sourceUrl: `https://git.sandbox.test/shop/${service}`,
    sizeBytes: 40_000_000 + (hash('size') % 90_000_000),
  }
}
