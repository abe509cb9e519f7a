import type { Catalog, CatalogEnvironment, CatalogService } from '../../core/catalog/catalog.ts'
import { nearestServices } from '../../core/catalog/resolve.ts'
import { UserError } from '../../core/errors.ts'
import type { Target } from '../../core/plan.ts'
import type { ExternalOwner, Workload, WorkloadRef } from '../../core/ports/cluster.ts'

/** A service in an environment, found in the catalog. */
export interface Place {
  readonly service: CatalogService
  readonly environment: CatalogEnvironment
  readonly ref: WorkloadRef
  readonly target: Target
  /** `checkout in staging`. */
  readonly says: string
}

export function findEnvironment(catalog: Catalog, name: string): CatalogEnvironment {
  const environment = catalog.environment(name)
  if (environment) return environment
  const names = catalog.environments.map((known) => known.name)
  throw new UserError(`There is no environment "${name}". Known: ${names.join(', ')}.`, names)
}

export function findService(catalog: Catalog, name: string): CatalogService {
  const service = catalog.service(name)
  if (service) return service
  const near = nearestServices(catalog, name, 3)
  const hint = near.length ? ` Did you mean ${near.join(', ')}?` : ''
  throw new UserError(`There is no service "${name}".${hint}`, near)
}

/** Looks both up; throws a UserError that offers the nearest names. */
export function findPlace(catalog: Catalog, said: { service: string; environment: string }): Place {
  const service = findService(catalog, said.service)
  const environment = findEnvironment(catalog, said.environment)
  return {
    service,
    environment,
    ref: { service: service.name, environment: environment.name },
    target: { service: service.name, environment: environment.name, team: service.team },
    says: `${service.name} in ${environment.name}`,
  }
}

/** What GitOps owns is not changed behind its back (DESIGN §6). */
export function refuseIfReverted(place: Place, owner: ExternalOwner | undefined): void {
  if (!owner?.reverts) return
  throw new UserError(`${place.says} is owned by ${owner.name}. ${owner.effect} Nothing was planned.`)
}

/** What a pause holds back would be waited for in vain, and begin whenever somebody ends the pause. */
export function refuseIfPaused(place: Place, { paused }: Workload): void {
  if (!paused) return
  throw new UserError(
    `The rollout of ${place.says} is paused in the cluster. Resume it there first (kubectl rollout resume), then ask again.`,
  )
}

/** The services that call this one, from the catalog: who feels it when it goes wrong. */
export function callersOf(catalog: Catalog, service: string): readonly string[] {
  return catalog.services.filter((other) => other.dependsOn.includes(service)).map((other) => other.name)
}
