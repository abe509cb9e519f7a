import { splitIntoFolds } from '../../bot/understand/model/folds.ts'
import { NONE, type TrainingExample } from '../../bot/understand/model/intent-model.ts'
import { createRandom } from '../../bot/understand/model/random.ts'

type Row = readonly (readonly [feature: number, weight: number])[]
type Classifier = (text: string) => { readonly label: string; readonly chance: number }

const ROUNDS = 20
const STEP = 1
const FOLDS = 4

/**
 * The baseline: TF-IDF of words, multinomial logistic regression, and one threshold on the greatest probability, chosen on held-out training sentences
 * by the rule the model uses: `lostShare` of the rightly read may be lost.
 */
export function trainBaseline(examples: readonly TrainingExample[], lostShare: number): (text: string) => string {
  const asked = examples.filter(({ label }) => label !== NONE)
  const rightly = splitIntoFolds(asked, (one) => one.label, FOLDS).flatMap(({ kept, heldOut }) => {
    const classify = trainRegression(kept)
    return heldOut.flatMap(({ text, label }) => {
      const guess = classify(text)
      return guess.label === label ? [guess.chance] : []
    })
  })
  const threshold = rightly.sort((a, b) => a - b)[Math.floor(rightly.length * lostShare)] ?? 0
  const classify = trainRegression(asked)
  return (text) => {
    const guess = classify(text)
    return guess.chance < threshold ? NONE : guess.label
  }
}

const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? []

function trainRegression(examples: readonly TrainingExample[]): Classifier {
  const labels = [...new Set(examples.map(({ label }) => label))].sort()
  const textsWith = new Map<string, number>()
  for (const { text } of examples)
    for (const word of new Set(wordsOf(text))) textsWith.set(word, (textsWith.get(word) ?? 0) + 1)
  const ids = new Map([...textsWith.keys()].map((word, id) => [word, id]))
  const rowOf = (text: string): Row => {
    const counts = new Map<string, number>()
    for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1)
    const row = [...counts].flatMap(([word, count]): [number, number][] => {
      const id = ids.get(word)
      const rarity = 1 + Math.log((1 + examples.length) / (1 + (textsWith.get(word) ?? 0)))
      return id === undefined ? [] : [[id, count * rarity]]
    })
    const length = Math.hypot(...row.map(([, weight]) => weight)) || 1
    return row.map(([id, weight]) => [id, weight / length])
  }
  const weights = new Float32Array(ids.size * labels.length)
  const chancesOf = (row: Row) => {
    const chances = new Float32Array(labels.length)
    for (const [id, weight] of row)
      for (let label = 0; label < labels.length; label++)
        chances[label] = (chances[label] ?? 0) + weight * (weights[id * labels.length + label] ?? 0)
    const top = chances.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
    let sum = 0
    for (const [label, score] of chances.entries()) sum += chances[label] = Math.exp(score - top)
    return chances.map((chance) => chance / sum)
  }
  descend(examples, rowOf, (label) => labels.indexOf(label), { weights, chancesOf })
  return (text) => {
    const chances = chancesOf(rowOf(text))
    const best = chances.reduce((top, chance, label) => (chance > (chances[top] ?? 0) ? label : top), 0)
    return { label: labels[best] ?? NONE, chance: chances[best] ?? 0 }
  }
}

/** Stochastic gradient descent with a step of its own for every word (AdaGrad). */
function descend(
  examples: readonly TrainingExample[],
  rowOf: (text: string) => Row,
  numberOf: (label: string) => number,
  { weights, chancesOf }: { weights: Float32Array; chancesOf: (row: Row) => Float32Array },
): void {
  const random = createRandom(1)
  const rows = examples.map(({ text, label }) => ({ row: rowOf(text), truth: numberOf(label) }))
  const travelled = new Map<number, number>()
  for (let round = 0; round < ROUNDS; round++) {
    const order = rows.map((one) => ({ one, key: random() })).sort((a, b) => a.key - b.key)
    for (const { row, truth } of order.map(({ one }) => one)) {
      const errors = chancesOf(row)
      errors[truth] = (errors[truth] ?? 0) - 1
      const size = errors.reduce((sum, error) => sum + error * error, 0)
      for (const [id, weight] of row) {
        const sum = (travelled.get(id) ?? 0.01) + size * weight * weight
        travelled.set(id, sum)
        const step = (STEP * (1 - round / ROUNDS) * weight) / Math.sqrt(sum)
        const from = id * errors.length
        for (let label = 0; label < errors.length; label++)
          weights[from + label] = (weights[from + label] ?? 0) - step * (errors[label] ?? 0)
      }
    }
  }
}
