import { isRecord } from '../store/immutable.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { type BehaviourName, isBehaviourName } from './behaviour.ts'
import { type FaultEntry, noFaults } from './faults.ts'

export interface PublishedVersion {
  service: string
  version: string
  behaviour: BehaviourName
  createdAt: string
}

/** What the world must know again after a restart, beside the cluster's objects. */
export interface WorldMemory {
  published: PublishedVersion[]
  faults: FaultEntry[]
  downNodes: string[]
  registryDown: boolean
}

const resource = 'configmaps'
const namespace = 'kube-system'
const name = 'sandbox-world'

const nothing: WorldMemory = { published: [], faults: [], downNodes: [], registryDown: false }

/** Kept in a ConfigMap, so that it is saved and restored with the cluster it belongs to. */
export function recallWorld(store: ObjectStore): WorldMemory {
  const data = store.get(resource, namespace, name)?.data
  if (!isRecord(data) || typeof data.world !== 'string') return nothing
  try {
    const known: Partial<WorldMemory> = JSON.parse(data.world)
    return {
      published: (known.published ?? []).filter((version) => isBehaviourName(version.behaviour)),
      faults: (known.faults ?? []).map((entry) => ({ ...entry, faults: { ...noFaults, ...entry.faults } })),
      downNodes: known.downNodes ?? [],
      registryDown: known.registryDown ?? false,
    }
  } catch {
    // Somebody edited the ConfigMap: begin without memory instead of not at all.
    return nothing
  }
}

export function rememberWorld(store: ObjectStore, memory: WorldMemory): void {
  if (store.get('namespaces', undefined, namespace) === undefined) {
    store.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
  }
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace },
    data: { world: JSON.stringify(memory) },
  }
  const write = { fieldManager: 'sandbox' }
  if (store.get(resource, namespace, name) === undefined) store.create(resource, object, write)
  else store.update(resource, object, write)
}
