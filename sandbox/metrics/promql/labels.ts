import { labelKey } from '../database.ts'
import type { Labels } from '../time-series.ts'

const nameless = new WeakMap<Labels, Labels>()

/** The labels without the metric name. The same object gives the same object back, so that keys can be remembered. */
export function dropName(labels: Labels): Labels {
  const known = nameless.get(labels)
  if (known !== undefined) return known
  const { __name__: _, ...rest } = labels
  nameless.set(labels, rest)
  return rest
}

export function keepLabels(labels: Labels, names: readonly string[]): Labels {
  const kept: Record<string, string> = {}
  for (const name of names) if (labels[name] !== undefined && labels[name] !== '') kept[name] = labels[name]
  return kept
}

export function withoutLabels(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => name !== '__name__' && !names.includes(name)))
}

const keys = new WeakMap<Labels, string>()

/** labelKey, remembered per object. */
export function rememberedKey(labels: Labels): string {
  let key = keys.get(labels)
  if (key === undefined) {
    key = labelKey(labels)
    keys.set(labels, key)
  }
  return key
}

/** A grouping that asks each labels object only once. */
export function createGrouping(without: boolean, names: readonly string[]): (labels: Labels) => Labels {
  const known = new WeakMap<Labels, Labels>()
  const canonical = new Map<string, Labels>()
  return (labels) => {
    let group = known.get(labels)
    if (group === undefined) {
      const made = without ? withoutLabels(labels, names) : keepLabels(labels, names)
      const key = labelKey(made)
      group = canonical.get(key) ?? made
      canonical.set(key, group)
      known.set(labels, group)
    }
    return group
  }
}
