import { stringify } from 'yaml'

/**
 * A kubeconfig whose one context is called `sandbox`. Go clients such as kubectl send no credentials over plain HTTP, so a
 * server that insists on the token is for other clients; the JavaScript client speaks plain HTTP only when told not to verify.
 */
export function kubeconfigFor(url: string, token: string): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'sandbox', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'sandbox', user: { token } }],
    contexts: [{ name: 'sandbox', context: { cluster: 'sandbox', user: 'sandbox', namespace: 'default' } }],
    'current-context': 'sandbox',
  })
}
