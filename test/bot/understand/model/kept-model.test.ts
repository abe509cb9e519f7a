import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { trainIntentModel } from '../../../../bot/understand/model/intent-model.ts'
import { keptIntentModel } from '../../../../bot/understand/model/kept-model.ts'
import { phrases } from './phrases.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quarterdeck-kept-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const options = { folds: 3 }
const renamed = phrases.map(({ text, label }) => ({ text, label: label === 'restart' ? 'reboot' : label }))
const kept = () => readdirSync(folder).map((name) => join(folder, name))
const only = () => {
  const [file, ...others] = kept()
  if (!file || others.length > 0) throw new Error(`one file is kept, not ${kept().length}`)
  return file
}
const BOUNCE = 'please bounce the {service} pods'

it('answers what the training answers, whether it was learned now or before', () => {
  const trained = trainIntentModel(phrases, options)
  const learned = keptIntentModel(folder, phrases, options)
  const read = keptIntentModel(folder, phrases, options)
  for (const { text } of [...phrases, { text: 'something else' }, { text: '' }]) {
    expect(learned.classify(text)).toEqual(trained.classify(text))
    expect(read.classify(text)).toEqual(trained.classify(text))
  }
})

it('does not learn again what it has', () => {
  keptIntentModel(folder, phrases, options)
  const file = only()
  keptIntentModel(folder, renamed, options)
  const other = kept().find((one) => one !== file) ?? ''
  // What another training left stands in its place: only who reads it says so.
  writeFileSync(file, readFileSync(other))
  expect(keptIntentModel(folder, phrases, options).classify(BOUNCE).label).toBe('reboot')
})

it('learns anew from other examples, and with other options', () => {
  expect(keptIntentModel(folder, phrases, options).classify(BOUNCE).label).toBe('restart')
  expect(keptIntentModel(folder, renamed, options).classify(BOUNCE).label).toBe('reboot')
  keptIntentModel(folder, renamed, { folds: 4 })
  expect(kept()).toHaveLength(3)
})

it.each([
  ['nothing', () => Buffer.alloc(0)],
  ['half', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
  ['one bit flipped', (bytes: Buffer) => bytes.map((byte, at) => (at === 5_000 ? byte ^ 1 : byte))],
  ['something else', () => Buffer.from('{"labels": []}')],
])('learns anew where %s is kept, and mends it', (_, broken) => {
  const trained = keptIntentModel(folder, phrases, options)
  const whole = readFileSync(only())
  writeFileSync(only(), broken(whole))
  expect(keptIntentModel(folder, phrases, options).classify(BOUNCE)).toEqual(trained.classify(BOUNCE))
  expect(readFileSync(only()).equals(whole)).toBe(true)
})

it('keeps the newest, and not every one there ever was', () => {
  for (let folds = 2; folds < 14; folds++) {
    keptIntentModel(folder, phrases.slice(0, 12), { folds })
    for (const file of kept()) utimesSync(file, statSync(file).atime, new Date(statSync(file).mtimeMs - 10_000))
  }
  expect(kept()).toHaveLength(8)
  keptIntentModel(folder, phrases.slice(0, 12), { folds: 13 })
  expect(kept()).toHaveLength(8)
})

it('does without where nothing can be written', () => {
  const file = join(folder, 'a-file')
  writeFileSync(file, '')
  expect(keptIntentModel(file, phrases, options).classify(BOUNCE).label).toBe('restart')
  expect(keptIntentModel(join(file, 'below'), phrases, options).classify(BOUNCE).label).toBe('restart')
  // A folder in the file's place.
  keptIntentModel(join(folder, 'kept'), phrases, options)
  const [name = ''] = readdirSync(join(folder, 'kept'))
  rmSync(join(folder, 'kept', name))
  mkdirSync(join(folder, 'kept', name))
  expect(keptIntentModel(join(folder, 'kept'), phrases, options).classify(BOUNCE).label).toBe('restart')
  expect(readdirSync(join(folder, 'kept'))).toEqual([name])
})
