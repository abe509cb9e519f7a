import type { Service } from '../../store/kinds.ts'
import { AGE, at, type Column, listAt, NAME, orNone, text, textAt, wide } from './column.ts'

function portsText({ spec }: Service): string {
  const ports = (spec.ports ?? []).map(
    ({ port, nodePort, protocol }) => `${port}${nodePort ? `:${nodePort}` : ''}/${protocol ?? 'TCP'}`,
  )
  return orNone(ports.join(','))
}

export const SERVICE_COLUMNS: Column[] = [
  NAME,
  text('Type', (object) => textAt(object, 'spec', 'type')),
  text('Cluster-IP', (object) => orNone(textAt(object, 'spec', 'clusterIP'))),
  text('External-IP', (object) => {
    if (textAt(object, 'spec', 'type') === 'ExternalName') return textAt(object, 'spec', 'externalName')
    const addresses = listAt(object, 'status', 'loadBalancer', 'ingress').map(
      (entry) => textAt(entry, 'ip') || textAt(entry, 'hostname'),
    )
    if (addresses.length > 0) return addresses.join(',')
    return textAt(object, 'spec', 'type') === 'LoadBalancer' ? '<pending>' : '<none>'
  }),
  text('Port(s)', (object) => portsText(object as Service)), // these columns are for services only
  AGE,
  wide('Selector', (object) => {
    const selector = Object.entries((object as Service).spec.selector ?? {}) // as above
    return orNone(selector.map(([key, value]) => `${key}=${value}`).join(','))
  }),
]

/** Three addresses and how many more, as kubectl shows them. */
function firstThree(texts: string[]): string {
  const rest = texts.length - 3
  return orNone(rest > 0 ? `${texts.slice(0, 3).join(',')} + ${rest} more...` : texts.join(','))
}

export const ENDPOINTS_COLUMNS: Column[] = [
  NAME,
  text('Endpoints', (object) =>
    firstThree(
      listAt(object, 'subsets').flatMap((subset) =>
        listAt(subset, 'ports').flatMap((port) =>
          listAt(subset, 'addresses').map((address) => `${textAt(address, 'ip')}:${textAt(port, 'port')}`),
        ),
      ),
    ),
  ),
  AGE,
]

export const ENDPOINT_SLICE_COLUMNS: Column[] = [
  NAME,
  text('AddressType', (object) => textAt(object, 'addressType')),
  text('Ports', (object) =>
    orNone(
      listAt(object, 'ports')
        .map((port) => textAt(port, 'port'))
        .join(','),
    ),
  ),
  text('Endpoints', (object) =>
    firstThree(listAt(object, 'endpoints').flatMap((endpoint) => listAt(endpoint, 'addresses').map(String))),
  ),
  AGE,
]

export const INGRESS_COLUMNS: Column[] = [
  NAME,
  text('Class', (object) => orNone(textAt(object, 'spec', 'ingressClassName'))),
  text(
    'Hosts',
    (object) =>
      listAt(object, 'spec', 'rules')
        .map((rule) => textAt(rule, 'host') || '*')
        .join(',') || '*',
  ),
  text('Address', (object) =>
    listAt(object, 'status', 'loadBalancer', 'ingress')
      .map((entry) => textAt(entry, 'ip'))
      .join(','),
  ),
  text('Ports', (object) => (listAt(object, 'spec', 'tls').length > 0 ? '80, 443' : '80')),
  AGE,
]

export const CLAIM_COLUMNS: Column[] = [
  NAME,
  text('Status', (object) => textAt(object, 'status', 'phase') || 'Pending'),
  text('Volume', (object) => textAt(object, 'spec', 'volumeName')),
  text('Capacity', (object) => textAt(object, 'status', 'capacity', 'storage')),
  text('Access Modes', (object) => listAt(object, 'spec', 'accessModes').join(',')),
  text('StorageClass', (object) => textAt(object, 'spec', 'storageClassName')),
  text(
    'VolumeAttributesClass',
    (object) => (at(object, 'spec', 'volumeAttributesClassName') as string | undefined) ?? '<unset>',
  ), // a string by its schema
  AGE,
]
