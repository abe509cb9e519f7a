import { isRecord, recordAt } from '../../store/immutable.ts'
import type { PodTemplate } from '../../store/kinds.ts'
import type { KubeObject } from '../../store/types.ts'

/** One column of a server-side table; `wide` ones are shown by `kubectl get -o wide` only. */
export interface Column {
  name: string
  type: 'string' | 'integer' | 'boolean' | 'date'
  wide?: boolean
  cell: (object: KubeObject, now: Date) => unknown
}

export type Cell = Column['cell']

export function text(name: string, cell: Cell): Column {
  return { name, type: 'string', cell }
}

export function integer(name: string, cell: Cell): Column {
  return { name, type: 'integer', cell }
}

export function wide(name: string, cell: Cell): Column {
  return { name, type: 'string', wide: true, cell }
}

export const NAME: Column = text('Name', (object) => object.metadata.name)
export const AGE: Column = text('Age', (object, now) => sinceText(object.metadata.creationTimestamp, now))

/** The value at a path of field names, or undefined. */
export function at(value: unknown, ...path: string[]): unknown {
  return path.reduce((current: unknown, key) => (isRecord(current) ? current[key] : undefined), value)
}

export function numberAt(value: unknown, ...path: string[]): number {
  const found = at(value, ...path)
  return typeof found === 'number' ? found : 0
}

export function textAt(value: unknown, ...path: string[]): string {
  const found = at(value, ...path)
  return found === undefined || found === null ? '' : String(found)
}

export function listAt(value: unknown, ...path: string[]): unknown[] {
  const found = at(value, ...path)
  return Array.isArray(found) ? found : []
}

export function orNone(text: string): string {
  return text === '' ? '<none>' : text
}

/** The age of a moment as kubectl writes it. */
export function sinceText(moment: unknown, now: Date): string {
  if (typeof moment !== 'string') return '<unknown>'
  return durationText(now.getTime() - new Date(moment).getTime())
}

/** Two units at most, fewer the longer it is: 119s, 3m5s, 45m, 7h10m, 30h, 5d3h, 200d, 3y20d. */
export function durationText(ms: number): string {
  const seconds = Math.trunc(ms / 1000)
  if (seconds < -1) return '<invalid>'
  if (seconds < 0) return '0s'
  if (seconds < 120) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 10) return joined(minutes, 'm', seconds % 60, 's')
  if (minutes < 180) return `${minutes}m`
  const hours = Math.floor(minutes / 60)
  if (hours < 8) return joined(hours, 'h', minutes % 60, 'm')
  if (hours < 48) return `${hours}h`
  const days = Math.floor(hours / 24)
  if (hours < 192) return joined(days, 'd', hours % 24, 'h')
  if (days < 730) return `${days}d`
  const years = Math.floor(days / 365)
  return days < 2920 ? joined(years, 'y', days % 365, 'd') : `${years}y`
}

function joined(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`
}

function template(object: KubeObject): PodTemplate | undefined {
  const found = recordAt(object, 'spec').template
  return isRecord(found) ? (found as unknown as PodTemplate) : undefined // decoded by the workload's schema
}

export const CONTAINERS: Column = wide('Containers', (object) =>
  (template(object)?.spec.containers ?? []).map((container) => container.name).join(','),
)
export const IMAGES: Column = wide('Images', (object) =>
  (template(object)?.spec.containers ?? []).map((container) => container.image).join(','),
)
