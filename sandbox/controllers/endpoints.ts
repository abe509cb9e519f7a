import { deepEqual } from '../store/immutable.ts'
import type { Pod, Service } from '../store/kinds.ts'
import type { KubeObject } from '../store/types.ts'
import type { ControllerContext } from './context.ts'
import { isReady, isTerminating, ownerReferenceTo } from './objects.ts'
import { keyOf, splitKey, WorkQueue } from './work-queue.ts'

const writer = { fieldManager: 'kube-controller-manager' }

/** Keeps Endpoints and one EndpointSlice per Service. @returns a function that stops it */
export function startEndpointsController(context: ControllerContext): () => void {
  const { store, clock, onError } = context
  const reconcile = (key: string) => {
    const [namespace, name] = splitKey(key)
    const service = store.get('services', namespace, name)
    if (service?.spec.selector === undefined) return
    const selector = Object.entries(service.spec.selector)
    const pods = store
      .list('pods', { namespace })
      .filter((pod) => selector.every(([label, value]) => pod.metadata.labels?.[label] === value))
      .filter((pod) => pod.status?.podIP !== undefined && pod.status.phase === 'Running')
    write(context, 'endpoints', endpointsOf(service, pods))
    write(context, 'discovery.k8s.io/endpointslices', sliceOf(service, pods))
  }
  const queue = new WorkQueue({ clock, delayMs: 100, retryMs: 100, longestRetryMs: 10_000, onError, reconcile })
  for (const service of store.list('services')) queue.add(keyOf(service))
  const unsubscribe = store.onChange(({ resource, object, type, previous }) => {
    if (resource === 'services' && type !== 'DELETED') queue.add(keyOf(object))
    if (resource !== 'pods' || (previous && type === 'MODIFIED' && !mattersTo(previous, object))) return
    for (const service of store.list('services', { namespace: object.metadata.namespace })) {
      const selector = Object.entries(service.spec.selector ?? {})
      const selects =
        selector.length > 0 && selector.every(([label, value]) => object.metadata.labels?.[label] === value)
      if (selects) queue.add(keyOf(service))
    }
  })
  return () => {
    unsubscribe()
    queue.clear()
  }
}

/** Whether a pod's address, readiness or departure changed. */
function mattersTo(before: KubeObject, after: KubeObject): boolean {
  const view = (object: KubeObject) => {
    const pod = object as Pod // asked for pods only
    return `${pod.status?.podIP} ${isReady(pod)} ${isTerminating(pod)} ${pod.status?.phase}`
  }
  return view(before) !== view(after)
}

function write(context: ControllerContext, resource: string, object: KubeObject): void {
  const { namespace, name } = object.metadata
  const known = context.store.get(resource, namespace, name)
  if (known === undefined) context.store.create(resource, object, writer)
  else if (!containsAll(known, object))
    context.store.update(
      resource,
      { ...object, metadata: { ...known.metadata, ...object.metadata, resourceVersion: undefined } },
      writer,
    )
}

/** Whether what is stored already has everything that would be written. */
function containsAll(known: KubeObject, wanted: KubeObject): boolean {
  const { metadata, ...sections } = wanted
  const metadataSame = Object.entries(metadata).every(([name, value]) =>
    deepEqual(Reflect.get(known.metadata, name), value),
  )
  return metadataSame && Object.entries(sections).every(([name, value]) => deepEqual(known[name], value))
}

function portsOf(service: Service) {
  return (service.spec.ports ?? []).map((port) => ({
    ...(port.name === undefined ? {} : { name: port.name }),
    port: typeof port.targetPort === 'number' ? port.targetPort : port.port,
    protocol: port.protocol ?? 'TCP',
  }))
}

function targetOf(pod: Pod) {
  const { name, namespace, uid } = pod.metadata
  return { kind: 'Pod', name, namespace, uid }
}

function endpointsOf(service: Service, pods: Pod[]): KubeObject {
  const live = pods.filter((pod) => !isTerminating(pod))
  const address = (pod: Pod) => ({ ip: pod.status?.podIP, nodeName: pod.spec.nodeName, targetRef: targetOf(pod) })
  const ready = live.filter(isReady).map(address)
  const notReady = live.filter((pod) => !isReady(pod)).map(address)
  const subset = {
    ...(ready.length > 0 ? { addresses: ready } : {}),
    ...(notReady.length > 0 ? { notReadyAddresses: notReady } : {}),
    ports: portsOf(service),
  }
  const { name, namespace, labels } = service.metadata
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      name,
      namespace,
      ...(labels ? { labels: { ...labels } } : {}),
      ownerReferences: [{ ...ownerReferenceTo(service), controller: false, blockOwnerDeletion: false }],
    },
    subsets: live.length > 0 ? [subset] : [],
  }
}

function sliceOf(service: Service, pods: Pod[]): KubeObject {
  const { name, namespace, labels } = service.metadata
  const managed = {
    'kubernetes.io/service-name': name,
    'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
  }
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${name}-1`,
      namespace,
      labels: { ...labels, ...managed },
      ownerReferences: [ownerReferenceTo(service)],
    },
    addressType: 'IPv4',
    endpoints: pods.map((pod) => ({
      addresses: [pod.status?.podIP ?? ''],
      conditions: {
        ready: isReady(pod) && !isTerminating(pod),
        serving: isReady(pod),
        terminating: isTerminating(pod),
      },
      nodeName: pod.spec.nodeName,
      targetRef: targetOf(pod),
    })),
    ports: portsOf(service),
  }
}
