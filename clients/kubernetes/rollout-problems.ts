import { canonicalJson, type Json } from '../../core/json.ts'
import { REVISION } from './annotations.ts'
import type { Finding } from './findings.ts'
import type { Deployment, ReplicaSet } from './kinds.ts'

/** What the Deployment and its current ReplicaSet themselves complain about. */
export function controllerFindings(deployment: Deployment, current: ReplicaSet | undefined): Finding[] {
  const { name } = deployment.metadata
  const findings: Finding[] = []
  // Another ReplicaSet's trouble (the old one's, say) is not this rollout's: the Deployment's own condition mixes them up.
  const conditions = current ? current.status.conditions : deployment.status.conditions
  const failure = conditions.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True')
  if (failure) {
    const quota = /exceeded quota: ([^,]+)/.exec(failure.message)
    const says = quota
      ? `${name} may not have more pods: the namespace's quota ${quota[1]} is used up (${quotaNumbers(failure.message)})`
      : `${name} cannot create pods: ${failure.message || failure.reason}`
    findings.push({ problem: { kind: quota ? 'quota' : 'other', says }, verdict: 'soon' })
  }
  if (deadlineExceeded(deployment)) {
    const says = `${name} made no progress for ${deployment.spec.progressDeadlineSeconds} s (its progress deadline)`
    findings.push({ problem: { kind: 'progress-deadline', says }, verdict: 'now' })
  }
  return findings
}

export function deadlineExceeded({ status }: Deployment): boolean {
  return status.conditions.some(
    ({ type, status: value, reason }) =>
      type === 'Progressing' && value === 'False' && reason === 'ProgressDeadlineExceeded',
  )
}

function quotaNumbers(message: string): string {
  const numbers = /requested: .*$/.exec(message)?.[0]
  return numbers ?? message
}

/**
 * The ReplicaSet that holds the Deployment's present template: equal but for the hash label the controller adds, as the controller
 * itself decides it. Of several (a hash collision long ago) the one with the highest revision.
 */
export function currentReplicaSet(deployment: Deployment, all: Iterable<ReplicaSet>): ReplicaSet | undefined {
  const wanted = templateText(deployment.spec.template)
  return [...all]
    .filter((candidate) => isOwned(candidate, deployment) && templateText(candidate.spec.template) === wanted)
    .toSorted((a, b) => revisionOf(b) - revisionOf(a))[0]
}

export function isOwned(object: { metadata: ReplicaSet['metadata'] }, owner: { metadata: { uid: string } }): boolean {
  return object.metadata.ownerReferences.some(({ uid }) => uid === owner.metadata.uid)
}

export function revisionOf(replicaSet: ReplicaSet): number {
  return Number(replicaSet.metadata.annotations[REVISION] ?? 0)
}

export function templateText(template: Deployment['spec']['template']): string {
  const { 'pod-template-hash': _, ...labels } = template.metadata.labels
  // Parsed from JSON a moment ago; the loose schema only forgets that.
  return canonicalJson({ ...template, metadata: { ...template.metadata, labels } } as unknown as Json)
}
