/** The pure part of the catalog: what there is, and how a word is resolved against it. */

export interface CatalogEnvironment {
  readonly name: string
  readonly aliases: readonly string[]
  readonly protected: boolean
  /** The kubeconfig context. */
  readonly cluster: string
  readonly namespace: string
  /** Channels that hear about it, by surface, e.g. `slack:#prod-changes`. */
  readonly channels: readonly string[]
}

export interface CatalogService {
  readonly name: string
  readonly aliases: readonly string[]
  readonly team: string | undefined
  readonly owners: readonly string[]
  readonly dependsOn: readonly string[]
  readonly channels: readonly string[]
  /** Deployment name when it differs from the service's. */
  readonly workload: string
  readonly container: string | undefined
  /** Image repository without tag; default: what runs. */
  readonly repository: string | undefined
  /** Where it is known to run; empty = everywhere. */
  readonly environments: readonly string[]
  /** `config`, `backstage` or `cluster`: where we know it from. */
  readonly source: 'config' | 'backstage' | 'cluster'
}

export interface Catalog {
  /** Changes with every change of content. */
  readonly version: string
  readonly environments: readonly CatalogEnvironment[]
  readonly services: readonly CatalogService[]
  service(name: string): CatalogService | undefined
  environment(name: string): CatalogEnvironment | undefined
}

export interface Match<T> {
  readonly value: T
  /** 0 = the name itself or an alias, in any case; else the edit distance (Damerau–Levenshtein) to the nearest of them. */
  readonly distance: number
  readonly matched: string
}
