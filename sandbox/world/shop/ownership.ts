import type { KubeObject } from '../../store/types.ts'
import { type Environment, environments } from './environments.ts'
import { type ShopService, services } from './services.ts'
import { startingVersion } from './versions.ts'

export interface Ownership {
  /** Field manager its manifests are applied by. */
  manager: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
}

const repository = 'https://git.sandbox.test/shop/deployments'

/** The marks that Argo CD, Helm and Flux leave on what they apply. */
export function ownershipOf(service: ShopService, environment: Environment): Ownership {
  switch (service.ownedBy) {
    case 'argocd': {
      const application = `${service.name}-${environment.name}`
      const id = `${application}:apps/Deployment:${environment.namespace}/${service.name}`
      return {
        manager: 'argocd-controller',
        labels: { 'app.kubernetes.io/instance': application },
        annotations: { 'argocd.argoproj.io/tracking-id': id },
      }
    }
    case 'helm':
      return {
        manager: 'helm',
        labels: { 'app.kubernetes.io/managed-by': 'Helm', 'helm.sh/chart': `${service.name}-0.4.2` },
        annotations: {
          'meta.helm.sh/release-name': service.name,
          'meta.helm.sh/release-namespace': environment.namespace,
        },
      }
    case 'flux':
      return {
        manager: 'kustomize-controller',
        labels: {
          'kustomize.toolkit.fluxcd.io/name': `${service.name}-${environment.name}`,
          'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
        },
      }
    default:
      return { manager: 'shop-setup' }
  }
}

export interface StoredObject {
  resource: string
  object: KubeObject
}

/** The custom resources the GitOps tools would have: Argo CD Applications and Flux Kustomizations. */
export function ownerObjects(now: Date): StoredObject[] {
  return environments.flatMap((environment) =>
    services.flatMap((service): StoredObject[] => {
      if (service.ownedBy === 'argocd') return [argoApplication(service, environment, now)]
      if (service.ownedBy === 'flux') return [fluxKustomization(service, environment)]
      return []
    }),
  )
}

function argoApplication(service: ShopService, environment: Environment, now: Date): StoredObject {
  const path = `${environment.name}/${service.name}`
  return {
    resource: 'argoproj.io/applications',
    object: {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: `${service.name}-${environment.name}`, namespace: 'argocd' },
      spec: {
        project: 'shop',
        source: { repoURL: repository, targetRevision: 'main', path },
        destination: { server: 'https://kubernetes.default.svc', namespace: environment.namespace },
        syncPolicy: { automated: { prune: true, selfHeal: true } },
      },
      status: {
        sync: { status: 'Synced', revision: 'main' },
        health: { status: 'Healthy' },
        reconciledAt: now.toISOString(),
        summary: { images: [`shop/${service.name}:${startingVersion(service, environment.name, false)}`] },
      },
    },
  }
}

function fluxKustomization(service: ShopService, environment: Environment): StoredObject {
  return {
    resource: 'kustomize.toolkit.fluxcd.io/kustomizations',
    object: {
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: { name: `${service.name}-${environment.name}`, namespace: 'flux-system' },
      spec: {
        interval: '10m',
        path: `./${environment.name}/${service.name}`,
        prune: true,
        sourceRef: { kind: 'GitRepository', name: 'deployments' },
        targetNamespace: environment.namespace,
      },
    },
  }
}
