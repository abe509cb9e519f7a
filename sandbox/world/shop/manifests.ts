import { formatCpu } from '../../controllers/quantity.ts'
import type { Deployment, HorizontalPodAutoscaler, Service } from '../../store/kinds.ts'
import type { Environment } from './environments.ts'
import { ownershipOf } from './ownership.ts'
import type { ShopService } from './services.ts'
import { imageOf } from './versions.ts'

const port = 8080

function labelsOf(service: ShopService, environment: Environment): Record<string, string> {
  return {
    app: service.name,
    'app.kubernetes.io/name': service.name,
    'app.kubernetes.io/part-of': 'shop',
    environment: environment.name,
    team: service.team,
    tier: service.tier,
  }
}

const memory = (mebibytes: number) => (mebibytes % 1024 === 0 ? `${mebibytes / 1024}Gi` : `${mebibytes}Mi`)

export function deploymentOf(service: ShopService, environment: Environment, version: string): Deployment {
  const owned = ownershipOf(service, environment)
  const labels = labelsOf(service, environment)
  const share = environment.name === 'production' ? 1 : 0.5
  const http = (path: string) => ({ httpGet: { path, port } })
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: service.name,
      namespace: environment.namespace,
      labels: { ...labels, ...owned.labels },
      annotations: {
        'kubernetes.io/change-cause': `${service.name} ${version}`,
        'sandbox.test/owner': `team-${service.team}@shop.test`,
        ...owned.annotations,
      },
    },
    spec: {
      replicas: service.replicas[environment.name],
      selector: { matchLabels: { app: service.name } },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: service.name,
              image: imageOf(service.name, version),
              ports: [{ name: 'http', containerPort: port }],
              env: [
                { name: 'ENVIRONMENT', value: environment.name },
                { name: 'LOG_LEVEL', value: environment.name === 'dev' ? 'debug' : 'info' },
              ],
              resources: {
                requests: {
                  cpu: formatCpu(service.requests.cpu * share),
                  memory: memory(service.requests.memory * share),
                },
                limits: { cpu: formatCpu(service.limits.cpu), memory: memory(service.limits.memory) },
              },
              startupProbe: { ...http('/healthz'), periodSeconds: 5, failureThreshold: 60 },
              readinessProbe: { ...http('/ready'), periodSeconds: 5, failureThreshold: 3 },
              livenessProbe: { ...http('/healthz'), periodSeconds: 10, failureThreshold: 3 },
            },
          ],
        },
      },
    },
  }
}

export function serviceOf(service: ShopService, environment: Environment): Service {
  const owned = ownershipOf(service, environment)
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: service.name,
      namespace: environment.namespace,
      labels: { ...labelsOf(service, environment), ...owned.labels },
      ...(owned.annotations === undefined ? {} : { annotations: owned.annotations }),
    },
    spec: { selector: { app: service.name }, ports: [{ name: 'http', port: 80, targetPort: port, protocol: 'TCP' }] },
  }
}

/** Only production scales by itself. */
export function autoscalerOf(service: ShopService, environment: Environment): HorizontalPodAutoscaler | undefined {
  if (service.autoscale === undefined || environment.name !== 'production') return undefined
  const { min, max, targetPercent } = service.autoscale
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: service.name, namespace: environment.namespace, labels: labelsOf(service, environment) },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: service.name },
      minReplicas: min,
      maxReplicas: max,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: targetPercent } },
        },
      ],
    },
  }
}
