import type { ExternalOwner } from '../../core/ports/cluster.ts'
import type { Deployment } from './kinds.ts'

const ARGO_TRACKING = 'argocd.argoproj.io/tracking-id'
const INSTANCE = 'app.kubernetes.io/instance'
const ARGO_INSTANCE = 'argocd.argoproj.io/instance'

/**
 * Who besides people decides what this Deployment looks like (DESIGN §6), told by what the tools leave on the objects they manage:
 * Argo CD's tracking annotation or label, Flux's toolkit labels, Helm's release annotations, and the field managers' names.
 *
 * All three count as `reverts`. Argo CD and Flux put a direct change back within minutes, or at the next sync where self-healing is
 * off. Helm does nothing by itself, but the next `helm upgrade` (or its rollback) sets image and replicas from the chart's values
 * again, mostly in somebody else's deploy weeks later and without a word: a change that is silently undone then is worse than one
 * refused now. Helm under Argo CD or Flux is theirs: the more active owner is named.
 *
 * A restart sets only an annotation that none of them manages: no owner undoes it, and skills may allow it.
 */
export function ownerOf(deployment: Deployment): ExternalOwner | undefined {
  return argo(deployment) ?? flux(deployment) ?? helm(deployment)
}

function argo({ metadata }: Deployment): ExternalOwner | undefined {
  const { annotations, labels } = metadata
  const managed = hasManager(metadata, (name) => name.startsWith('argocd'))
  // The tracking id is `<application>:<group>/<kind>:<namespace>/<name>`; an object copied from another keeps a foreign one.
  const tracked = annotations[ARGO_TRACKING]?.split(':')
  const tracks = tracked?.[2] === `${metadata.namespace}/${metadata.name}`
  const name = (tracks ? tracked?.[0] : undefined) ?? labels[ARGO_INSTANCE] ?? (managed ? labels[INSTANCE] : undefined)
  if (!name && !managed) return undefined
  return {
    tool: 'argocd',
    name: name ?? metadata.name,
    effect: `The Argo CD application ${name ?? 'that manages it'} sets it from Git: a direct change is put back within minutes, or at the next sync. Change it in Git.`,
    reverts: true,
  }
}

function flux({ metadata }: Deployment): ExternalOwner | undefined {
  const kustomization = metadata.labels['kustomize.toolkit.fluxcd.io/name']
  const release = metadata.labels['helm.toolkit.fluxcd.io/name']
  const managed = hasManager(metadata, (name) => name === 'kustomize-controller' || name === 'helm-controller')
  const name = kustomization ?? release
  if (!name && !managed) return undefined
  const what = kustomization ? `Kustomization ${kustomization}` : release ? `HelmRelease ${release}` : 'controller'
  return {
    tool: 'flux',
    name: name ?? metadata.name,
    effect: `The Flux ${what} sets it from Git: a direct change is put back at its next reconciliation. Change it in Git.`,
    reverts: true,
  }
}

function helm({ metadata }: Deployment): ExternalOwner | undefined {
  const release = metadata.annotations['meta.helm.sh/release-name']
  const labelled = metadata.labels['app.kubernetes.io/managed-by'] === 'Helm'
  if (!release && !labelled && !hasManager(metadata, (name) => name === 'helm')) return undefined
  const name = release ?? metadata.labels[INSTANCE] ?? metadata.name
  return {
    tool: 'helm',
    name,
    effect: `The Helm release ${name} sets it from the chart's values: the next "helm upgrade" silently puts a direct change back. Change the values and upgrade.`,
    reverts: true,
  }
}

function hasManager({ managedFields }: Deployment['metadata'], matches: (manager: string) => boolean): boolean {
  return managedFields.some(({ manager, subresource }) => !subresource && matches(manager))
}
