import type { Config } from '../config/config.ts'
import { canonicalJson, sha256 } from '../json.ts'
import type { Catalog, CatalogEnvironment, CatalogService } from './catalog.ts'

/** A Deployment the cluster runs, as it was learned. */
export interface LearnedService {
  readonly name: string
  readonly environment: string
  readonly workload: string
  readonly repository: string | null
}

/**
 * One catalog of what the file, the Backstage files and the cluster say, in this order of belief: what a source leaves open, the next
 * one may fill in.
 */
export function buildCatalog(
  config: Pick<Config, 'environments' | 'services' | 'components'>,
  learned: readonly LearnedService[],
): Catalog {
  const services = new Map<string, CatalogService>()
  for (const service of config.components) services.set(service.name, service)
  for (const service of config.services) services.set(service.name, merge(service, services.get(service.name)))
  // A Deployment that a known service names as its own is that service, whatever it is called.
  const workloads = new Set([...services.values()].map((service) => service.workload))
  for (const [name, places] of Map.groupBy(learned, (service) => service.name)) {
    const [first] = places
    if (!first || services.has(name) || workloads.has(first.workload)) continue
    services.set(name, learnedService(first, places))
  }
  return catalogOf(
    config.environments,
    [...services.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
  )
}

function merge(ours: CatalogService, theirs: CatalogService | undefined): CatalogService {
  if (!theirs) return ours
  const list = (a: readonly string[], b: readonly string[]) => (a.length ? a : b)
  return {
    ...ours,
    team: ours.team ?? theirs.team,
    owners: list(ours.owners, theirs.owners),
    dependsOn: list(ours.dependsOn, theirs.dependsOn),
    workload: ours.workload === ours.name ? theirs.workload : ours.workload,
  }
}

function learnedService(first: LearnedService, places: readonly LearnedService[]): CatalogService {
  return {
    name: first.name,
    aliases: [],
    team: undefined,
    owners: [],
    dependsOn: [],
    channels: [],
    workload: first.workload,
    container: undefined,
    repository: first.repository ?? undefined,
    environments: [...new Set(places.map((place) => place.environment))].sort(),
    source: 'cluster',
  }
}

function catalogOf(environments: readonly CatalogEnvironment[], services: readonly CatalogService[]): Catalog {
  const serviceByName = new Map(services.map((service) => [service.name, service]))
  const environmentByName = new Map(environments.map((environment) => [environment.name, environment]))
  // Plain data; the interfaces only lack the index signature.
  const version = sha256(canonicalJson(JSON.parse(JSON.stringify({ environments, services })))).slice(0, 16)
  return {
    version,
    environments,
    services,
    service: (name) => serviceByName.get(name),
    environment: (name) => environmentByName.get(name),
  }
}
