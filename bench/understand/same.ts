import type { JsonObject } from '../../core/json.ts'
import { durationMs } from '../../core/parameters.ts'

/** True when what was read is what the label says, by the rules of README.md beside this file. */
export function sameInput(skill: string, read: JsonObject, label: JsonObject): boolean {
  const names = new Set([...Object.keys(read), ...Object.keys(label)])
  return [...names].every((name) => sameValue(skill, name, read[name], label[name], label))
}

function sameValue(skill: string, name: string, read: unknown, label: unknown, whole: JsonObject): boolean {
  if (skill === 'rollback' && name === 'version') return sameText(read ?? 'previous', label ?? 'previous')
  if (read === undefined || label === undefined) return read === label
  if (name === 'for' || name === 'since') return lengthOf(read) === lengthOf(label)
  if (name === 'until') return Math.abs(Date.parse(String(read)) - Date.parse(String(label))) < 120_000
  if (name === 'period' || name === 'compare') {
    const before = PERIOD_BEFORE[String(whole.period)]
    const plain = (value: unknown) =>
      name === 'compare' && value === before ? 'previous' : (lengthOf(value) ?? String(value))
    return plain(read) === plain(label)
  }
  if (name === 'amount') {
    const [readNumber, readCurrency] = String(read).split(' ')
    const [labelNumber, labelCurrency] = String(label).split(' ')
    return Number(readNumber) === Number(labelNumber) && readCurrency === labelCurrency
  }
  return sameText(read, label)
}

const PERIOD_BEFORE: Readonly<Record<string, string>> = {
  today: 'yesterday',
  'this-week': 'last-week',
  'this-month': 'last-month',
  'this-quarter': 'last-quarter',
  'this-year': 'last-year',
}

const lengthOf = (value: unknown): number | undefined => durationMs(String(value))

function sameText(read: unknown, label: unknown): boolean {
  return JSON.stringify(plain(read)) === JSON.stringify(plain(label))
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (value && typeof value === 'object')
    return Object.entries(value)
      .map(([key, one]) => [key, plain(one)])
      .sort(([a], [b]) => String(a).localeCompare(String(b)))
  if (typeof value === 'number') return String(value)
  return String(value)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[‘’]/g, "'")
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[.!]+$/, '')
}
