import { badRequest } from './errors.ts'
import type { LabelSelector } from './kinds.ts'
import type { KubeObject } from './types.ts'

export interface LabelRequirement {
  key: string
  operator: 'in' | 'notin' | 'exists' | '!exists'
  values: string[]
}

export interface FieldRequirement {
  path: string
  equals: boolean
  value: string
}

/** Parses `a=b,c!=d,e in (f,g),h notin (i),j,!k`; throws 400 where the text is none. */
export function parseLabelSelector(text: string): LabelRequirement[] {
  const parts = text.split(/,(?![^(]*\))/).map((part) => part.trim())
  return parts.filter((part) => part !== '').map((part) => parseLabelRequirement(part, text))
}

function parseLabelRequirement(part: string, whole: string): LabelRequirement {
  const set = /^([^\s!=(),]+)\s+(in|notin)\s*\(([^()]*)\)$/.exec(part)
  if (set?.[1]) {
    const values = (set[3] ?? '').split(',').map((value) => value.trim())
    return { key: set[1], operator: set[2] === 'in' ? 'in' : 'notin', values }
  }
  const equality = /^([^\s!=(),]+)\s*(==|=|!=)\s*([^\s!=(),]*)$/.exec(part)
  if (equality?.[1]) {
    return { key: equality[1], operator: equality[2] === '!=' ? 'notin' : 'in', values: [equality[3] ?? ''] }
  }
  const existence = /^(!?)\s*([^\s!=(),]+)$/.exec(part)
  if (existence?.[2]) return { key: existence[2], operator: existence[1] ? '!exists' : 'exists', values: [] }
  throw badRequest(`unable to parse requirement: found '${part}' in label selector '${whole}'`)
}

export function matchesLabels(labels: Record<string, string> | undefined, requirements: LabelRequirement[]): boolean {
  return requirements.every(({ key, operator, values }) => {
    const value = labels?.[key]
    if (operator === 'exists') return value !== undefined
    if (operator === '!exists') return value === undefined
    // As in the real server, `a!=b` and `notin` also match objects that have no such label.
    if (operator === 'notin') return value === undefined || !values.includes(value)
    return value !== undefined && values.includes(value)
  })
}

/** Turns the selector of a Deployment or ReplicaSet into requirements; an empty selector matches everything. */
export function requirementsOf(selector: LabelSelector): LabelRequirement[] {
  const operators = { In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: '!exists' } as const
  return [
    ...Object.entries(selector.matchLabels ?? {}).map(([key, value]) => ({
      key,
      operator: 'in' as const,
      values: [value],
    })),
    ...(selector.matchExpressions ?? []).map(({ key, operator, values }) => ({
      key,
      operator: operators[operator],
      values: values ?? [],
    })),
  ]
}

/** The text form (`a=b,c in (d,e)`) that scale.status.selector and tables show. */
export function labelSelectorText(selector: LabelSelector): string {
  return requirementsOf(selector)
    .map(({ key, operator, values }) => {
      if (operator === 'exists') return key
      if (operator === '!exists') return `!${key}`
      const single = values.length === 1 && selector.matchLabels?.[key] === values[0]
      return single ? `${key}=${values[0]}` : `${key} ${operator} (${values.join(',')})`
    })
    .join(',')
}

/** Parses `metadata.name=x,status.phase!=Running`; throws 400 where the text is none. */
export function parseFieldSelector(text: string): FieldRequirement[] {
  const parts = text.split(',').filter((part) => part !== '')
  return parts.map((part) => {
    const match = /^([\w.]+)\s*(==|=|!=)\s*(.*)$/.exec(part)
    if (!match?.[1]) throw badRequest(`invalid selector: '${text}'; can't understand '${part}'`)
    return { path: match[1], equals: match[2] !== '!=', value: match[3] ?? '' }
  })
}

const FIELDS_EVERYWHERE = ['metadata.name', 'metadata.namespace']
const FIELDS_BY_RESOURCE: Record<string, string[]> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'status.phase',
    'status.podIP',
    'status.podIPs',
    'status.nominatedNodeName',
  ],
  events: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  nodes: ['spec.unschedulable'],
  namespaces: ['status.phase'],
  secrets: ['type'],
  'apps/replicasets': ['status.replicas'],
}

/** @throws 400 with the server's words for a field this resource cannot be selected by */
export function checkFieldSelector(resource: string, requirements: FieldRequirement[]): void {
  const allowed = [...FIELDS_EVERYWHERE, ...(FIELDS_BY_RESOURCE[resource] ?? [])]
  const unknown = requirements.find((requirement) => !allowed.includes(requirement.path))
  if (unknown) throw badRequest(`field label not supported: ${unknown.path}`)
}

export function matchesFields(object: KubeObject, requirements: FieldRequirement[]): boolean {
  return requirements.every(({ path, equals, value }) => (fieldText(object, path) === value) === equals)
}

function fieldText(object: KubeObject, path: string): string {
  let current: unknown = object
  for (const name of path === 'source' ? ['source', 'component'] : path.split('.')) {
    if (typeof current !== 'object' || current === null) return ''
    current = Reflect.get(current, name)
  }
  return current === undefined || current === null ? '' : String(current)
}
