import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FakeCall, type FakeModel, startFakeModel } from '../_harness/fake-model.ts'

const RUN = fileURLToPath(new URL('../../bench/eval/run.ts', import.meta.url))
const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/language-model/${name}.jsonl`, import.meta.url))
const LINES = fixture('lines')
/** What a model answered to these lines, mistakes and all. */
const recorded = (): Record<string, readonly FakeCall[]> =>
  Object.fromEntries(
    readFileSync(fixture('answers'), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
      .map(({ said, calls }) => [said, calls]),
  )

let fake: FakeModel
beforeAll(async () => {
  fake = await startFakeModel(recorded())
})
afterAll(() => fake.close())

const run = (...words: readonly string[]) =>
  promisify(execFile)(process.execPath, [RUN, ...words]).then(
    ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  )

/** The lines, answered by the model alone. */
const alone = (...more: readonly string[]) =>
  run('--model', 'fake-1', '--url', fake.url, '--file', LINES, '--alone', ...more)

test('npm run eval says how much is right, what it cost and how long it took', async () => {
  const { code, stdout } = await alone('--price', '1,10', '--misses')
  expect(code).toBe(0)
  expect(stdout).toContain(
    'lines.jsonl: 80 % right (8 of 10); asked back 0, not taken as a request 0, misread 1, a change ready that nobody asked for 1; the model read 10',
  )
  expect(stdout).toMatch(/^ {2}restart {6}right 3 · of 3$/m)
  expect(stdout).toMatch(/^ {2}none {9}right 2 · dangerous 1 · of 3$/m)
  expect(stdout).toContain(
    'model: 10 questions, 0 without an answer; 12,000 tokens in, 300 out; 0.0150 USD, 1.500 USD for a thousand questions',
  )
  expect(stdout).toMatch(/^latency of an answer: p50 \d+ ms, p95 \d+ ms$/m)
  expect(stdout).toContain('is rollback {"service":"media-proxy"')
})

test('as JSON, for a comparison', async () => {
  const { stdout } = await alone('--limit', '5', '--json')
  const report = JSON.parse(stdout)
  expect(report).toMatchObject({
    model: 'fake-1',
    alone: true,
    files: [{ name: 'lines.jsonl', count: 5, marks: { right: 5 } }],
    spent: { calls: 5, failed: 0 },
  })
})

test('a model that never answers is not measured, and mistakes are said in a sentence', async () => {
  fake.faults.push(...Array.from({ length: 5 }, () => ({ status: 401 })))
  const dead = await alone('--limit', '5')
  expect(dead.code).toBe(1)
  expect(dead.stdout).toContain('was silent for 5')
  expect(await run()).toMatchObject({ code: 2, stderr: expect.stringContaining('Which model?') })
  expect(await run('--model', 'm', '--key', 'sk-123456')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('never the key itself'),
  })
  expect(await run('--model', 'm', '--file', 'nowhere.jsonl')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('cannot be read'),
  })
  expect(await run('--model', 'm', '--nonsense')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('npm run eval -- --model NAME'),
  })
})
