/** One observation: its evidence (the first entry is 1, for the constant) and whether the thing held. */
export interface Observation {
  readonly evidence: readonly number[]
  readonly holds: boolean
}

const ROUNDS = 30
const CLOSE_ENOUGH = 1e-6
/** How strongly coefficients are held to what was believed before; as much as a handful of observations. */
const HOLD: number = 1

export const sigmoid = (logOdds: number) => 1 / (1 + Math.exp(-logOdds))

/** Logistic regression for a few coefficients by Newton's method, starting from and drawn towards `prior` (which it returns for no observations). */
export function fitLogistic(observations: readonly Observation[], prior: readonly number[]): readonly number[] {
  let coefficients = [...prior]
  for (let round = 0; round < ROUNDS; round++) {
    const gradient = coefficients.map((value, at) => HOLD * (value - (prior[at] ?? 0)))
    const curvature = coefficients.map((_, row) => coefficients.map((_, column) => (row === column ? HOLD : 0)))
    for (const { evidence, holds } of observations) {
      const chance = sigmoid(evidence.reduce((sum, value, at) => sum + value * (coefficients[at] ?? 0), 0))
      const error = chance - (holds ? 1 : 0)
      const spread = chance * (1 - chance)
      for (const [row, value] of evidence.entries()) {
        gradient[row] = (gradient[row] ?? 0) + value * error
        const line = curvature[row] ?? []
        for (const [column, other] of evidence.entries()) line[column] = (line[column] ?? 0) + value * other * spread
      }
    }
    const steps = solve(curvature, gradient).map(limited)
    coefficients = coefficients.map((value, at) => value - (steps[at] ?? 0))
    if (steps.every((size) => Math.abs(size) < CLOSE_ENOUGH)) break
  }
  return coefficients
}

/** A full Newton step may overshoot where the curve is flat. */
const limited = (step: number) => Math.min(5, Math.max(-5, step))

/** Solves a small symmetric positive definite system by Gaussian elimination. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): readonly number[] {
  const rows = matrix.map((row, at) => [...row, right[at] ?? 0])
  for (const [pivot, line] of rows.entries())
    for (const [at, row] of rows.entries()) {
      if (at === pivot) continue
      const factor = (row[pivot] ?? 0) / (line[pivot] ?? 1)
      for (let column = pivot; column < row.length; column++)
        row[column] = (row[column] ?? 0) - factor * (line[column] ?? 0)
    }
  return rows.map((row, at) => (row[rows.length] ?? 0) / (row[at] ?? 1))
}
