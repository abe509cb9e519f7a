import type { Deployment } from '../../store/kinds.ts'

/** The numbers of one ReplicaSet that a rollout is decided by. */
export interface SetSize {
  name: string
  /** spec.replicas */
  wanted: number
  /** status.availableReplicas */
  available: number
  createdMs: number
}

export interface Bounds {
  maxSurge: number
  maxUnavailable: number
}

/** "25%" of a number, rounded as asked; a plain number as it is. */
function resolveIntOrPercent(value: number | string | undefined, of: number, round: 'up' | 'down'): number {
  if (typeof value === 'number') return value
  const percent = /^(\d+)%$/.exec(value ?? '')?.[1]
  if (percent === undefined) return Number(value ?? 0) || 0
  const exact = (Number(percent) * of) / 100
  return round === 'up' ? Math.ceil(exact) : Math.floor(exact)
}

/** maxSurge rounds up, maxUnavailable rounds down; both zero would never move, so one may be missing then. */
export function rolloutBounds(deployment: Deployment): Bounds {
  const desired = deployment.spec.replicas ?? 1
  if (deployment.spec.strategy?.type === 'Recreate') return { maxSurge: 0, maxUnavailable: desired }
  const rolling = deployment.spec.strategy?.rollingUpdate
  const maxSurge = resolveIntOrPercent(rolling?.maxSurge ?? '25%', desired, 'up')
  const maxUnavailable = resolveIntOrPercent(rolling?.maxUnavailable ?? '25%', desired, 'down')
  return { maxSurge, maxUnavailable: maxSurge === 0 && maxUnavailable === 0 ? 1 : Math.min(maxUnavailable, desired) }
}

const total = (sets: readonly SetSize[], pick: (set: SetSize) => number) =>
  sets.reduce((sum, set) => sum + pick(set), 0)

/** How large the new set may become now: never more than desired, never more than desired + surge over all sets. */
export function newSetSize(desired: number, bounds: Bounds, newSet: SetSize, oldSets: readonly SetSize[]): number {
  if (newSet.wanted > desired) return desired
  const current = total([newSet, ...oldSets], (set) => set.wanted)
  const room = desired + bounds.maxSurge - current
  return newSet.wanted + Math.max(0, Math.min(room, desired - newSet.wanted))
}

/**
 * New sizes of the old sets, by name; only those that change. Pods that do not work go first, then as many working
 * ones as leaves desired − maxUnavailable available, oldest set first.
 */
export function oldSetSizes(
  desired: number,
  bounds: Bounds,
  newSet: SetSize,
  oldSets: readonly SetSize[],
): Map<string, number> {
  const sizes = new Map<string, number>()
  const sizeOf = (set: SetSize) => sizes.get(set.name) ?? set.wanted
  const all = [newSet, ...oldSets]
  const minimumAvailable = desired - bounds.maxUnavailable
  const newUnavailable = newSet.wanted - newSet.available
  let mayGo = total(all, (set) => set.wanted) - minimumAvailable - newUnavailable
  if (mayGo <= 0) return sizes
  const oldestFirst = [...oldSets].sort((left, right) => left.createdMs - right.createdMs)
  for (const set of oldestFirst) {
    const broken = Math.min(mayGo, set.wanted - set.available)
    if (broken <= 0) continue
    sizes.set(set.name, set.wanted - broken)
    mayGo -= broken
  }
  let spare = total(all, (set) => set.available) - minimumAvailable
  for (const set of oldestFirst) {
    if (spare <= 0) break
    const going = Math.min(sizeOf(set), spare)
    if (going <= 0) continue
    sizes.set(set.name, sizeOf(set) - going)
    spare -= going
  }
  return sizes
}

/**
 * Spreads a change of the deployment's size over the sets of an unfinished rollout in proportion to their size; what
 * rounding leaves over goes to the first.
 * @param sets largest first; `annotatedMost` is desired + surge when the set was last sized
 */
export function proportionalSizes(
  desired: number,
  bounds: Bounds,
  sets: readonly (SetSize & { annotatedMost: number })[],
): Map<string, number> {
  const allowed = desired > 0 ? desired + bounds.maxSurge : 0
  const toAdd = allowed - total(sets, (set) => set.wanted)
  let added = 0
  const sizes = new Map<string, number>()
  for (const set of sets) {
    if (toAdd === 0 || set.wanted === 0) continue
    const most = set.annotatedMost > 0 ? set.annotatedMost : allowed
    const fraction = Math.round((set.wanted * (desired + bounds.maxSurge)) / most) - set.wanted
    const rest = toAdd - added
    const share = toAdd > 0 ? Math.max(0, Math.min(fraction, rest)) : Math.min(0, Math.max(fraction, rest))
    sizes.set(set.name, set.wanted + share)
    added += share
  }
  const first = sets[0]
  if (first !== undefined && toAdd !== 0) {
    sizes.set(first.name, Math.max(0, (sizes.get(first.name) ?? first.wanted) + toAdd - added))
  }
  return sizes
}
