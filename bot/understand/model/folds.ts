export interface Fold<T> {
  readonly kept: readonly T[]
  readonly heldOut: readonly T[]
}

/**
 * Cuts the items of every label into `folds` runs in the order they stand, each held out once. Runs and not every fourth: neighbours were
 * often written together, and one that stayed in training would make the other look easier than a stranger's sentence. Labels with fewer items
 * than folds are never held out. Folds without anything to hold out are left away.
 */
export function splitIntoFolds<T>(
  items: readonly T[],
  labelOf: (item: T) => string | number,
  folds: number,
): readonly Fold<T>[] {
  const totals = new Map<string | number, number>()
  for (const item of items) totals.set(labelOf(item), (totals.get(labelOf(item)) ?? 0) + 1)
  const seen = new Map<string | number, number>()
  const foldOf = items.map((item) => {
    const label = labelOf(item)
    const position = seen.get(label) ?? 0
    const total = totals.get(label) ?? 1
    seen.set(label, position + 1)
    return total < folds ? -1 : Math.floor((position * folds) / total)
  })
  return Array.from({ length: folds }, (_, fold) => ({
    kept: items.filter((_, at) => foldOf[at] !== fold),
    heldOut: items.filter((_, at) => foldOf[at] === fold),
  })).filter(({ heldOut }) => heldOut.length > 0)
}
