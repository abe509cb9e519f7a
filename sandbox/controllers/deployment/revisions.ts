import { hash32, safeEncode } from '../../random.ts'
import { deepEqual } from '../../store/immutable.ts'
import type { Deployment, PodTemplate, ReplicaSet } from '../../store/kinds.ts'

export const annotations = {
  revision: 'deployment.kubernetes.io/revision',
  revisionHistory: 'deployment.kubernetes.io/revision-history',
  desiredReplicas: 'deployment.kubernetes.io/desired-replicas',
  maxReplicas: 'deployment.kubernetes.io/max-replicas',
} as const

/** Annotations of a Deployment that its ReplicaSets do not take over. */
const notCopied: readonly string[] = [
  ...Object.values(annotations),
  'kubectl.kubernetes.io/last-applied-configuration',
  'deprecated.deployment.rollback.to',
]

export const hashLabel = 'pod-template-hash'

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, child]) => [name, sorted(child)]),
  )
}

/** A name for a pod template: FNV over its canonical JSON (the real one hashes a Go dump, so the letters differ). */
export function podTemplateHash(template: PodTemplate, collisionCount: number): string {
  const text = JSON.stringify(sorted(template))
  return safeEncode(hash32(collisionCount === 0 ? text : `${text}/${collisionCount}`))
}

function withoutHash(template: PodTemplate): PodTemplate {
  const { [hashLabel]: _, ...labels } = template.metadata?.labels ?? {}
  return { ...template, metadata: { ...template.metadata, labels } }
}

export function sameTemplate(left: PodTemplate, right: PodTemplate): boolean {
  return deepEqual(withoutHash(left), withoutHash(right))
}

export function revisionOf(object: { metadata: { annotations?: Record<string, string> } }): number {
  return Number(object.metadata.annotations?.[annotations.revision] ?? 0) || 0
}

/** The set that belongs to the deployment's present template; the oldest when there are several. */
export function findNewSet(deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined {
  return [...sets].sort(byAge).find((set) => sameTemplate(set.spec.template, deployment.spec.template))
}

function byAge(left: ReplicaSet, right: ReplicaSet): number {
  const created = (set: ReplicaSet) => set.metadata.creationTimestamp ?? ''
  if (created(left) !== created(right)) return created(left) < created(right) ? -1 : 1
  return revisionOf(left) - revisionOf(right) || (left.metadata.name < right.metadata.name ? -1 : 1)
}

/** The annotations a set should have at this revision: the deployment's, its own, the revision and its history. */
export function setAnnotations(
  deployment: Deployment,
  known: Record<string, string>,
  revision: number,
): Record<string, string> {
  const copied = Object.entries(deployment.metadata.annotations ?? {}).filter(([name]) => !notCopied.includes(name))
  const result: Record<string, string> = { ...known, ...Object.fromEntries(copied) }
  const before = Number(known[annotations.revision] ?? 0)
  if (revision > before) {
    result[annotations.revision] = String(revision)
    if (before > 0) {
      const history = (known[annotations.revisionHistory] ?? '').split(',').filter((entry) => entry !== '')
      result[annotations.revisionHistory] = [...history, String(before)].join(',')
    }
  }
  return result
}

/** Old sets without pods beyond the history limit, oldest revision first. */
export function expiredSets(deployment: Deployment, oldSets: readonly ReplicaSet[]): ReplicaSet[] {
  const empty = oldSets.filter(
    (set) =>
      (set.spec.replicas ?? 0) === 0 &&
      (set.status?.replicas ?? 0) === 0 &&
      set.metadata.deletionTimestamp === undefined &&
      (set.status?.observedGeneration ?? 0) >= (set.metadata.generation ?? 0),
  )
  const excess = oldSets.length - (deployment.spec.revisionHistoryLimit ?? 10)
  if (excess <= 0) return []
  return [...empty].sort((left, right) => revisionOf(left) - revisionOf(right)).slice(0, excess)
}
