import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { arch, pid, versions } from 'node:process'
import { deserialize, serialize } from 'node:v8'
import {
  createIntentModel,
  type IntentModel,
  type LearnedModel,
  learnModel,
  type TrainingExample,
  type TrainingOptions,
} from './intent-model.ts'

const HERE = import.meta.dirname
const ENDING = '.model'
const DIGEST_BYTES = 32
/** Of sets of examples that are in use at once: a program, its tests and benchmarks, and the release before. */
const MOST_KEPT = 8

/**
 * What `trainIntentModel` gives, read from `folder` if the same code learned it there before from the same examples: training takes a second of a
 * core, reading some milliseconds. What is broken there is learned anew, and where nothing can be written nothing is kept. The folder must be as hard to
 * write to as the code is: who can change a model changes what sentences are taken for.
 */
export function keptIntentModel(
  folder: string,
  examples: readonly TrainingExample[],
  options: TrainingOptions,
): IntentModel {
  const file = join(folder, `${keyOf(examples, options)}${ENDING}`)
  const kept = read(file)
  if (kept) return createIntentModel(kept)
  const learned = learnModel(examples, options)
  keep(folder, file, learned)
  return createIntentModel(learned)
}

/** Everything that a training depends on: the sentences, the code, and the engine whose mathematics it uses. */
function keyOf(examples: readonly TrainingExample[], options: TrainingOptions): string {
  const hash = createHash('sha256').update(JSON.stringify([examples, options, versions.v8, arch]))
  for (const source of readdirSync(HERE).sort()) hash.update(readFileSync(join(HERE, source)))
  return hash.digest('hex')
}

const digestOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest()

function read(file: string): LearnedModel | undefined {
  try {
    const bytes = readFileSync(file)
    const packed = bytes.subarray(0, -DIGEST_BYTES)
    if (!digestOf(packed).equals(bytes.subarray(-DIGEST_BYTES))) return undefined
    return deserialize(packed)
  } catch {
    return undefined
  }
}

/** Whole or not at all: somebody else may be reading, or writing the same. */
function keep(folder: string, file: string, learned: LearnedModel): void {
  const beside = `${file}.${pid}`
  try {
    mkdirSync(folder, { recursive: true })
    const packed = serialize(learned)
    writeFileSync(beside, Buffer.concat([packed, digestOf(packed)]))
    renameSync(beside, file)
    const others = readdirSync(folder).filter((name) => name.endsWith(ENDING))
    const newestFirst = others
      .map((name) => ({ path: join(folder, name), at: statSync(join(folder, name)).mtimeMs }))
      .sort((one, other) => other.at - one.at)
    for (const { path } of newestFirst.slice(MOST_KEPT)) rmSync(path, { force: true })
  } catch {
    // Kept or not, it was learned. Half of one takes no room.
    try {
      rmSync(beside, { force: true })
    } catch {}
  }
}
