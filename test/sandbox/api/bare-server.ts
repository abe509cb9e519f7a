import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApi } from '../../../sandbox/api/api-server.ts'
import { ApiFaults } from '../../../sandbox/api/faults.ts'
import { kubeconfigFor } from '../../../sandbox/kubeconfig.ts'
import type { ReadLogs } from '../../../sandbox/mounts.ts'
import { ObjectStore } from '../../../sandbox/store/object-store.ts'
import type { KubeObject } from '../../../sandbox/store/types.ts'

export interface Reply {
  code: number
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the API answered and fails where it is not so
  body: any
  headers: Headers
}

export interface BareServer {
  url: string
  store: ObjectStore
  faults: ApiFaults
  kubeconfigPath: string
  call: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Reply>
  close: () => Promise<void>
}

/** The API over an empty store: no controllers, no world, a clock that tests set. */
export async function startBareServer(
  options: { now?: () => Date; readLogs?: ReadLogs; token?: string } = {},
): Promise<BareServer> {
  let uids = 0
  const uid = () => `00000000-0000-4000-8000-${String(++uids).padStart(12, '0')}`
  const store = new ObjectStore({ now: options.now ?? (() => new Date()), uid })
  for (const name of ['default', 'shop']) {
    store.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  }
  const faults = new ApiFaults(() => 0.5)
  const handler = createApi({ store, faults, readLogs: options.readLogs ?? (() => ''), token: options.token })
  const server = createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a TCP server has one
  const url = `http://127.0.0.1:${port}`
  const folder = mkdtempSync(join(tmpdir(), 'bare-server-'))
  const kubeconfigPath = join(folder, 'kubeconfig')
  writeFileSync(kubeconfigPath, kubeconfigFor(url, 'any'))

  return {
    url,
    store,
    faults,
    kubeconfigPath,
    call: async (method, path, body, headers = {}) => {
      const response = await fetch(url + path, {
        method,
        headers: { 'Content-Type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await response.text()
      const json = response.headers.get('content-type')?.includes('json')
      return { code: response.status, body: json ? JSON.parse(text) : text, headers: response.headers }
    },
    close: async () => {
      rmSync(folder, { recursive: true, force: true })
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A small deployment as a person would write it. */
export function deployment(
  name: string,
  spec: Record<string, unknown> = {},
): KubeObject & { spec: { selector: object; template: object } } {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop' },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'app', image: 'registry.test/app:1.0.0', ports: [{ containerPort: 8080 }] }] },
      },
      ...spec,
    },
  }
}
