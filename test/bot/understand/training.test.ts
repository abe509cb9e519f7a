import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { NONE } from '../../../bot/understand/model/intent-model.ts'
import { loadTrainingExamples, PLACEHOLDERS, readTrainingFolder } from '../../../bot/understand/training/load.ts'
import { ConfigError } from '../../../core/errors.ts'
import { loadSpokenSkills } from '../../../core/skill-set.ts'

const FEWEST_OF_A_SKILL = 40
const FEWEST_OF_NONE = 600

const skills = await loadSpokenSkills(fileURLToPath(new URL('../../../skills', import.meta.url)))
const examples = loadTrainingExamples()
const textsOf = (label: string) => examples.filter((example) => example.label === label).map(({ text }) => text)
/** Two sentences that differ only in case, spaces or the last mark teach the same. */
const plain = (text: string) => {
  const spaced = text.toLowerCase().split(/\s+/).join(' ').trim()
  return spaced.replace(/[ .!?]+$/, '') || spaced
}

describe('the training part', () => {
  test.each(skills.map(({ name }) => name))('%s has examples enough', (name) => {
    expect(new Set(textsOf(name)).size).toBeGreaterThanOrEqual(FEWEST_OF_A_SKILL)
  })

  test('there are sentences enough that ask for nothing', () => {
    expect(new Set(textsOf(NONE)).size).toBeGreaterThanOrEqual(FEWEST_OF_NONE)
  })

  test('every label is a skill or none', () => {
    const known = new Set([...skills.map(({ name }) => name), NONE])
    expect([...new Set(examples.map(({ label }) => label))].filter((label) => !known.has(label))).toEqual([])
  })

  test('no sentence stands twice in one file or under two labels', () => {
    const exact = new Set<string>()
    const labels = new Map<string, string>()
    const repeated = examples.filter(({ text, label }) => {
      const other = labels.get(plain(text))
      const twice = exact.has(text) || (other !== undefined && other !== label)
      exact.add(text)
      labels.set(plain(text), label)
      return twice
    })
    expect(repeated).toEqual([])
  })

  test('every placeholder is used, so that none is only a word on a list', () => {
    const used = new Set(examples.flatMap(({ text }) => [...text.matchAll(/\{([a-z]+)\}/g)].map(([, name]) => name)))
    expect(PLACEHOLDERS.filter((name) => !used.has(name))).toEqual([])
  })

  test('is lower case, as the reader sees it', () => {
    expect(examples.map(({ text }) => text).filter((text) => text !== text.toLowerCase())).toEqual([])
  })

  test('is read once', () => {
    expect(loadTrainingExamples()).toBe(examples)
  })
})

describe('a training file with a slip in it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'training-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const reading = (...lines: string[]) => {
    writeFileSync(join(folder, 'deploy.jsonl'), `${lines.join('\n')}\n`)
    return () => readTrainingFolder(folder)
  }

  test('is read with its name as the label when it is right', () => {
    expect(reading('{"text":"deploy {service}"}', '{"text":"go","kind":"chatter"}')()).toEqual([
      { text: 'deploy {service}', label: 'deploy' },
      { text: 'go', label: 'deploy' },
    ])
  })

  test.each([
    ['an unknown placeholder', '{"text":"deploy {servise}"}', 'unknown placeholder {servise}'],
    ['a placeholder in capitals', '{"text":"deploy {Service}"}', 'unknown placeholder {Service}'],
    ['a placeholder with spaces', '{"text":"deploy { service }"}', 'unknown placeholder { service }'],
    ['an empty text', '{"text":"  "}', 'empty text'],
    ['no text', '{"kind":"chatter"}', 'no training line'],
    ['a word that is no key of a line', '{"text":"deploy","label":"deploy"}', 'no training line'],
    ['no JSON', 'deploy {service}', 'not JSON'],
    ['an empty line', '', 'not JSON'],
  ])('%s names the file and the line', (_what, line, says) => {
    const read = reading('{"text":"deploy {service}"}', line, '{"text":"go"}')
    expect(read).toThrow(ConfigError)
    expect(read).toThrow('deploy.jsonl:2 ')
    expect(read).toThrow(says)
  })
})
