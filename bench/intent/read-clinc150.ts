import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NONE, type TrainingExample } from '../../bot/understand/model/intent-model.ts'

export interface Clinc150 {
  /** 100 sentences for each of 150 intents, and 100 that are none of them. */
  readonly train: readonly TrainingExample[]
  /** 20 for each intent, and 100 of none. */
  readonly validation: readonly TrainingExample[]
}

const folder = process.env.QUARTERDECK_BENCH_DATA ?? join(import.meta.dirname, '../../../shared/data')
const file = join(folder, 'clinc150/train_val.json')

/** The clinc150 set (Larson et al. 2019, clinc/oos-eval), or a sentence saying that it is not there. */
export function readClinc150(): Clinc150 | string {
  if (!existsSync(file))
    return `the clinc150 set is not at ${file}; put its train_val.json there or name the data folder in QUARTERDECK_BENCH_DATA`
  const parts: unknown = JSON.parse(readFileSync(file, 'utf8'))
  const part = (name: string) => examplesOf(parts, name)
  return {
    train: [...part('train'), ...part('oos_train')],
    validation: [...part('val'), ...part('oos_val')],
  }
}

function examplesOf(parts: unknown, name: string): TrainingExample[] {
  const rows: unknown = typeof parts === 'object' && parts !== null ? Reflect.get(parts, name) : undefined
  if (!Array.isArray(rows)) throw new Error(`${file} has no list "${name}": it is not the clinc150 file.`)
  return rows.map((row: unknown) => {
    const [text, label] = Array.isArray(row) ? row : []
    if (typeof text !== 'string' || typeof label !== 'string')
      throw new Error(`${file} has a row in "${name}" that is not a sentence with its label.`)
    return { text, label: label === 'oos' ? NONE : label }
  })
}
