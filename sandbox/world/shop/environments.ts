export interface Environment {
  /** What people call it; also the value of the `environment` label. */
  name: 'dev' | 'staging' | 'production'
  namespace: string
  /** Traffic as a share of production's. */
  trafficShare: number
  /** ResourceQuota `shop-quota`. */
  quota: Record<string, string>
}

export const environments: readonly Environment[] = [
  {
    name: 'dev',
    namespace: 'shop-dev',
    trafficShare: 0.01,
    quota: { pods: '40', 'requests.cpu': '6', 'requests.memory': '12Gi' },
  },
  {
    name: 'staging',
    namespace: 'shop-staging',
    trafficShare: 0.06,
    quota: { pods: '60', 'requests.cpu': '10', 'requests.memory': '20Gi' },
  },
  {
    name: 'production',
    namespace: 'shop-production',
    trafficShare: 1,
    quota: { pods: '150', 'requests.cpu': '40', 'requests.memory': '80Gi' },
  },
]

export type EnvironmentName = Environment['name']
