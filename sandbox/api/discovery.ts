import { apiVersionOf } from '../store/resources.ts'
import type { Format } from './accept.ts'
import type { Answer } from './respond.ts'
import { groupVersions, REVIEW_TYPES, SERVED_TYPES, type ServedType } from './served-types.ts'

export const VERSION_INFO = {
  major: '1',
  minor: '35',
  emulationMajor: '1',
  emulationMinor: '35',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '34',
  gitVersion: 'v1.35.0',
  gitCommit: 'sandbox',
  gitTreeState: 'clean',
  buildDate: '2025-12-17T00:00:00Z',
  goVersion: 'none',
  compiler: 'none',
  platform: 'linux/amd64',
}

const SUBRESOURCE_VERBS: Record<string, string[]> = {
  status: ['get', 'patch', 'update'],
  scale: ['get', 'patch', 'update'],
  log: ['get'],
  eviction: ['create'],
}

/** A subresource that is a kind of its own, in a group of its own. */
const SUBRESOURCE_KINDS: Record<string, { group: string; version: string; kind: string }> = {
  scale: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
  eviction: { group: 'policy', version: 'v1', kind: 'Eviction' },
}

interface ListedType
  extends Pick<
    ServedType,
    | 'group'
    | 'version'
    | 'plural'
    | 'kind'
    | 'singular'
    | 'namespaced'
    | 'verbs'
    | 'shortNames'
    | 'subresources'
    | 'categories'
  > {}

function typesOf(group: string, version: string): ListedType[] {
  const reviews = REVIEW_TYPES.map((type) => ({
    ...type,
    singular: type.kind.toLowerCase(),
    namespaced: false,
    verbs: ['create'],
    shortNames: [],
    subresources: [],
  }))
  return [...SERVED_TYPES, ...reviews].filter((type) => type.group === group && type.version === version)
}

/** /api, /apis and what is below them but above the resources. @returns undefined for other paths */
export function discovery(pathname: string, format: Format): Answer | undefined {
  const [root, ...rest] = pathname.split('/').filter((part) => part !== '')
  if (root === 'api') {
    if (rest.length === 0) return format.discovery ? aggregated(format, true) : { body: coreVersions() }
    return rest.length === 1 && rest[0] === 'v1' ? { body: resourceList('', 'v1') } : undefined
  }
  if (root !== 'apis') return undefined
  if (rest.length === 0) return format.discovery ? aggregated(format, false) : { body: groupList() }
  const [group = '', version] = rest
  const known = groupVersions().filter((entry) => entry.group === group)
  if (group === '' || known.length === 0) return undefined
  if (rest.length === 1) return { body: { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(group) } }
  const served = rest.length === 2 && known.some((entry) => entry.version === version)
  return served && version ? { body: resourceList(group, version) } : undefined
}

function coreVersions(): unknown {
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] }
}

function groupNames(): string[] {
  return [...new Set(groupVersions().map(({ group }) => group))].filter((group) => group !== '')
}

function apiGroup(group: string): { name: string; versions: unknown[]; preferredVersion: unknown } {
  const versions = groupVersions()
    .filter((entry) => entry.group === group)
    .map((entry) => ({ groupVersion: apiVersionOf(entry), version: entry.version }))
  return { name: group, versions, preferredVersion: versions[0] }
}

function groupList(): unknown {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groupNames().map(apiGroup) }
}

function resourceList(group: string, version: string): unknown {
  const resources = typesOf(group, version).flatMap((type) => [
    {
      name: type.plural,
      singularName: type.singular,
      namespaced: type.namespaced,
      kind: type.kind,
      verbs: type.verbs,
      ...(type.shortNames.length > 0 ? { shortNames: type.shortNames } : {}),
      ...(type.categories ? { categories: type.categories } : {}),
    },
    ...type.subresources.map((subresource) => ({
      name: `${type.plural}/${subresource}`,
      singularName: '',
      namespaced: type.namespaced,
      kind: type.kind,
      ...SUBRESOURCE_KINDS[subresource],
      verbs: SUBRESOURCE_VERBS[subresource] ?? ['get'],
    })),
  ])
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: apiVersionOf({ group, version }), resources }
}

/** The aggregated form (apidiscovery.k8s.io): all groups and resources in one answer. */
function aggregated(format: Format, core: boolean): Answer {
  const items = (core ? [''] : groupNames()).map((group) => ({
    metadata: { ...(group ? { name: group } : {}), creationTimestamp: null },
    versions: groupVersions()
      .filter((entry) => entry.group === group)
      .map(({ version }) => ({
        version,
        resources: typesOf(group, version).map(aggregatedResource),
        freshness: 'Current',
      })),
  }))
  const version = format.discovery ?? 'v2'
  return {
    body: { kind: 'APIGroupDiscoveryList', apiVersion: `apidiscovery.k8s.io/${version}`, metadata: {}, items },
    contentType: `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
  }
}

function aggregatedResource(type: ListedType): unknown {
  const responseKind = { group: type.group, version: type.version, kind: type.kind }
  return {
    resource: type.plural,
    responseKind,
    scope: type.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: type.singular,
    verbs: type.verbs,
    ...(type.shortNames.length > 0 ? { shortNames: type.shortNames } : {}),
    ...(type.categories ? { categories: type.categories } : {}),
    ...(type.subresources.length > 0
      ? {
          subresources: type.subresources.map((subresource) => ({
            subresource,
            responseKind: SUBRESOURCE_KINDS[subresource] ?? responseKind,
            verbs: SUBRESOURCE_VERBS[subresource] ?? ['get'],
          })),
        }
      : {}),
  }
}
