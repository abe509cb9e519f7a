import type { EnvironmentName } from './environments.ts'

interface Call {
  to: string
  /** Calls per request of the caller. */
  perRequest: number
  /** How much of a failed call becomes a failed request: 1 for what cannot be done without, near 0 for extras. */
  weight: number
}

export interface ShopService {
  name: string
  team: string
  tier: 'edge' | 'critical' | 'standard'
  /** `major.minor` of the line that runs; see versions.ts for what its patch versions do. */
  line: [major: number, minor: number]
  replicas: Record<EnvironmentName, number>
  /** CPU in cores and memory in MiB. */
  requests: { cpu: number; memory: number }
  limits: { cpu: number; memory: number }
  /** CPU milliseconds and own latency in milliseconds for one request. */
  cost: { cpuMs: number; latencyMs: number }
  calls: Call[]
  autoscale?: { min: number; max: number; targetPercent: number }
  /** Works on a queue beside its requests. */
  queue?: string
  /** Who applies its manifests; people's scripts when left out. */
  ownedBy?: 'argocd' | 'helm' | 'flux'
}

const size = (cpu: number, memory: number, limitCpu: number, limitMemory: number) => ({
  requests: { cpu, memory },
  limits: { cpu: limitCpu, memory: limitMemory },
})
const count = (dev: number, staging: number, production: number) => ({ dev, staging, production })
const call = (to: string, perRequest: number, weight = 1): Call => ({ to, perRequest, weight })

/** Requests per second that reach the shop's front door in production at a busy hour. */
export const peakRequestsPerSecond = 420

/** The shop, from the front door inwards: a service only calls services below it. */
export const services: readonly ShopService[] = [
  {
    name: 'web',
    team: 'storefront',
    tier: 'edge',
    line: [3, 2],
    replicas: count(1, 2, 5),
    ...size(0.5, 256, 1, 512),
    cost: { cpuMs: 4, latencyMs: 12 },
    calls: [
      call('catalog', 0.9),
      call('search', 0.35, 0.8),
      call('recommendations', 0.4, 0.02),
      call('cart', 0.25, 0.9),
      call('accounts', 0.2, 0.7),
      call('checkout', 0.06),
    ],
    autoscale: { min: 4, max: 12, targetPercent: 65 },
  },
  {
    name: 'checkout',
    team: 'payments',
    tier: 'critical',
    line: [1, 4],
    replicas: count(1, 2, 4),
    ...size(0.25, 256, 1, 512),
    cost: { cpuMs: 14, latencyMs: 45 },
    calls: [call('cart', 1), call('inventory', 1), call('payments', 1), call('orders', 0.9)],
  },
  {
    name: 'orders',
    team: 'fulfilment',
    tier: 'critical',
    line: [2, 1],
    replicas: count(1, 2, 3),
    ...size(0.25, 256, 1, 512),
    cost: { cpuMs: 12, latencyMs: 30 },
    calls: [call('inventory', 1), call('shipping', 0.9, 0.3), call('email', 1, 0.02)],
    queue: 'orders-placed',
  },
  {
    name: 'cart',
    team: 'storefront',
    tier: 'critical',
    line: [1, 8],
    replicas: count(1, 2, 4),
    ...size(0.25, 256, 1, 512),
    cost: { cpuMs: 4, latencyMs: 9 },
    calls: [call('catalog', 0.3, 0.4)],
  },
  {
    name: 'recommendations',
    team: 'discovery',
    tier: 'standard',
    line: [0, 9],
    replicas: count(1, 1, 3),
    ...size(0.25, 512, 1, 1024),
    cost: { cpuMs: 3, latencyMs: 40 },
    calls: [call('catalog', 0.2, 0.5)],
    ownedBy: 'helm',
  },
  {
    name: 'search',
    team: 'discovery',
    tier: 'critical',
    line: [2, 6],
    replicas: count(1, 2, 5),
    ...size(0.5, 512, 1, 1024),
    cost: { cpuMs: 11, latencyMs: 35 },
    calls: [call('catalog', 0.5, 0.6)],
    autoscale: { min: 3, max: 10, targetPercent: 65 },
  },
  {
    name: 'payments',
    team: 'payments',
    tier: 'critical',
    line: [4, 0],
    replicas: count(1, 2, 3),
    ...size(0.25, 256, 1, 512),
    cost: { cpuMs: 18, latencyMs: 120 },
    calls: [],
  },
  {
    name: 'shipping',
    team: 'fulfilment',
    tier: 'standard',
    line: [1, 2],
    replicas: count(1, 1, 2),
    ...size(0.1, 128, 0.5, 256),
    cost: { cpuMs: 8, latencyMs: 25 },
    calls: [],
    queue: 'shipments',
    ownedBy: 'argocd',
  },
  {
    name: 'email',
    team: 'growth',
    tier: 'standard',
    line: [1, 1],
    replicas: count(1, 1, 2),
    ...size(0.1, 128, 0.5, 256),
    cost: { cpuMs: 6, latencyMs: 15 },
    calls: [],
    queue: 'outgoing-mail',
    ownedBy: 'argocd',
  },
  {
    name: 'accounts',
    team: 'identity',
    tier: 'critical',
    line: [5, 3],
    replicas: count(1, 2, 3),
    ...size(0.25, 256, 1, 512),
    cost: { cpuMs: 7, latencyMs: 14 },
    calls: [],
    ownedBy: 'flux',
  },
  {
    name: 'inventory',
    team: 'fulfilment',
    tier: 'critical',
    line: [1, 5],
    replicas: count(1, 2, 3),
    ...size(0.25, 256, 1, 512),
    cost: { cpuMs: 6, latencyMs: 11 },
    calls: [],
  },
  {
    name: 'catalog',
    team: 'discovery',
    tier: 'critical',
    line: [3, 0],
    replicas: count(1, 2, 6),
    ...size(0.5, 384, 1, 768),
    cost: { cpuMs: 3, latencyMs: 7 },
    calls: [],
    autoscale: { min: 4, max: 12, targetPercent: 65 },
  },
]

export function serviceNamed(name: string | undefined): ShopService | undefined {
  return services.find((service) => service.name === name)
}
