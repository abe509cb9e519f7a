import type { Catalog, CatalogEnvironment, CatalogService } from '../../core/catalog/catalog.ts'

/** A service of the catalog by its name; what a test speaks of is said, the rest is plain. */
export const makeService = (name: string, more: Partial<CatalogService> = {}): CatalogService => ({
  name,
  aliases: [],
  team: undefined,
  owners: [],
  dependsOn: [],
  channels: [],
  workload: name,
  container: undefined,
  repository: undefined,
  environments: [],
  source: 'config',
  ...more,
})

/** An environment as the sandbox has it: its namespace is `shop-` and its name, and production is protected. */
export const makeEnvironment = (name: string, more: Partial<CatalogEnvironment> = {}): CatalogEnvironment => ({
  name,
  aliases: [],
  protected: name === 'production',
  cluster: 'sandbox',
  namespace: `shop-${name}`,
  channels: [],
  ...more,
})

/** Looked up by name, as the program's own catalog is. */
export const makeCatalog = (
  services: readonly CatalogService[],
  environments: readonly CatalogEnvironment[] = ['dev', 'staging', 'production'].map((name) => makeEnvironment(name)),
): Catalog => ({
  version: 'test',
  services,
  environments,
  service: (said) => services.find(({ name }) => name === said),
  environment: (said) => environments.find(({ name }) => name === said),
})
