import type { IncomingMessage } from 'node:http'
import { StatusError } from '../store/errors.ts'

/** How an answer is to be written. `table` is the server's own printing, `metadata` leaves out all but metadata. */
export interface Format {
  shape: 'object' | 'table' | 'metadata'
  /** Of an aggregated discovery document, or undefined where the plain one is wanted. */
  discovery?: 'v2' | 'v2beta1'
  yaml: boolean
}

/** Picks the first acceptable format of the Accept header. @throws 406 when only formats are asked for that we do not write */
export function acceptedFormat(message: IncomingMessage): Format {
  const header = message.headers.accept ?? '*/*'
  for (const clause of header.split(',')) {
    const [type = '', ...parameters] = clause.split(';').map((part) => part.trim().toLowerCase())
    const values = new Map(parameters.map((parameter) => pair(parameter)))
    const yaml = type === 'application/yaml'
    if (!yaml && !['application/json', 'application/*', '*/*', ''].includes(type)) continue
    const as = values.get('as')
    if (as === undefined) return { shape: 'object', yaml }
    const version = values.get('v')
    if (as === 'table' && version === 'v1') return { shape: 'table', yaml }
    if ((as === 'partialobjectmetadata' || as === 'partialobjectmetadatalist') && version === 'v1') {
      return { shape: 'metadata', yaml }
    }
    if (as === 'apigroupdiscoverylist' && (version === 'v2' || version === 'v2beta1')) {
      return { shape: 'object', discovery: version, yaml }
    }
  }
  const message406 = 'only the following media types are accepted: application/json, application/yaml'
  throw new StatusError(406, 'NotAcceptable', message406)
}

function pair(parameter: string): [string, string] {
  const [name = '', value = ''] = parameter.split('=')
  return [name, value]
}
