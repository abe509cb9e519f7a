import { KubeConfig } from '@kubernetes/client-node/dist/config.js'
import type { Cluster, Context, User } from '@kubernetes/client-node/dist/config_types.js'
import { HttpMethod, RequestContext } from '@kubernetes/client-node/dist/gen/http/http.js'
import { Agent } from 'undici'
import { ConfigError, messageOf } from '../../core/errors.ts'
import { CONNECT_TIMEOUT_MS, type Connection } from './connection.ts'

/** The long way: proxies, OIDC and cloud auth-providers, by the library's whole KubeConfig. Imported only when a kubeconfig asks for it. */
export function connectThroughLibrary(
  everything: { clusters: Cluster[]; users: User[]; contexts: Context[] },
  contextName: string,
  server: string,
): Connection {
  const config = new KubeConfig()
  config.loadFromOptions({ ...everything, currentContext: contextName })
  const plain = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS } })
  return {
    server,
    async authorize() {
      const context = new RequestContext(server, HttpMethod.GET)
      try {
        await config.applySecurityAuthentication(context)
      } catch (error) {
        throw new ConfigError(`The kubeconfig's credentials for "${contextName}" cannot be had: ${messageOf(error)}.`)
      }
      return { headers: context.getHeaders(), dispatcher: context.getDispatcher() ?? plain }
    },
    close: () => plain.destroy(),
  }
}
