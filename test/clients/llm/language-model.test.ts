import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createLanguageModel, type LanguageModelOptions } from '../../../clients/llm/client.ts'
import { UpstreamError } from '../../../core/errors.ts'
import { newRequestId } from '../../../core/ids.ts'
import type { ModelQuestion, ModelSpending } from '../../../core/ports/language-model.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import { type FakeModel, startFakeModel, TOKENS } from '../../_harness/fake-model.ts'

const NOW = new Date('2026-11-20T10:00:00Z')
const QUESTION: ModelQuestion = {
  purpose: 'understand',
  instructions: 'Choose a tool.',
  message: 'scale cart to 4',
  tools: [
    {
      name: 'scale',
      description: 'Scale',
      parameters: { type: 'object', properties: {}, required: [], additionalProperties: false },
      strict: true,
    },
  ],
}
const CALL = { tool: 'scale', arguments: { service: 'cart', replicas: 4 } }

let fake: FakeModel
let spent: ModelSpending[]
let warned: string[]
let now: Date

beforeEach(async () => {
  fake = await startFakeModel(() => [CALL])
  spent = []
  warned = []
  now = NOW
})
afterEach(() => fake.close())

function model(change: Partial<LanguageModelOptions['config']> = {}, options: Partial<LanguageModelOptions> = {}) {
  return createLanguageModel({
    config: { url: fake.url, name: 'fake-1', timeoutMs: 2_000, tokensPerDay: 100_000, price: undefined, ...change },
    key: () => 'sk-test-1234567',
    ledger: {
      record: async (spending) => void spent.push(spending),
      tokensSince: async (moment) =>
        spent
          .filter(({ at }) => at >= moment)
          .reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0),
    },
    log: { ...silentLogger, warn: (_, message) => void warned.push(message) },
    clock: () => now,
    resilience: { firstDelayMs: 1, longestDelayMs: 5 },
    ...options,
  })
}

const refusal = async (asking: Promise<unknown>): Promise<UpstreamError> => {
  const error = await asking.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof UpstreamError)) throw new Error(`it did not end in an UpstreamError but in ${String(error)}`)
  return error
}

describe('a question to a language model', () => {
  test('goes out with its tools and the key, and comes back as calls, tokens and cost', async () => {
    const requestId = newRequestId()
    const answer = await model({ price: { input: 1, output: 10 } }).ask({ ...QUESTION, requestId })
    expect(answer.calls).toEqual([CALL])
    expect(answer).toMatchObject({ inputTokens: TOKENS.prompt_tokens, outputTokens: TOKENS.completion_tokens })
    expect(answer.costUsd).toBeCloseTo(0.0015)
    const [asked] = fake.asked
    expect(asked).toMatchObject({
      authorization: 'Bearer sk-test-1234567',
      message: 'scale cart to 4',
      instructions: 'Choose a tool.',
    })
    expect(asked?.body).toMatchObject({ model: 'fake-1', tool_choice: 'auto', temperature: 0 })
    expect(asked?.tools[0]?.function).toMatchObject({ name: 'scale', strict: true })
    expect(spent).toMatchObject([
      { requestId, purpose: 'understand', model: 'fake-1', outcome: 'answered', inputTokens: 1_200 },
    ])
    expect(spent[0]?.costUsd).toBeCloseTo(0.0015)
  })

  test('leaves out what an endpoint does not take, and remembers that', async () => {
    fake.faults.push('takes no strict schemas')
    const one = model()
    expect((await one.ask(QUESTION)).calls).toEqual([CALL])
    expect((await one.ask(QUESTION)).calls).toEqual([CALL])
    expect(fake.asked.map(({ tools }) => tools[0]?.function.strict)).toEqual([true, undefined, undefined])
  })

  test('is asked again after a 500 and after a short Retry-After', async () => {
    fake.faults.push({ status: 500 }, { status: 429, retryAfter: '0' })
    expect((await model().ask(QUESTION)).calls).toEqual([CALL])
    expect(fake.asked).toHaveLength(3)
    expect(spent).toHaveLength(1)
  })

  test('is not asked again when Retry-After is longer than anybody waits', async () => {
    fake.faults.push({ status: 429, retryAfter: '60' })
    const error = await refusal(model().ask(QUESTION))
    expect(error).toMatchObject({
      retryable: true,
      retryAfterMs: 60_000,
      message: 'The language model asks to wait: its rate limit is used up.',
    })
    expect(fake.asked).toHaveLength(1)
    expect(spent).toMatchObject([{ inputTokens: 0, outcome: error.message }])
  })

  test('ends with its time, however many tries are left', async () => {
    fake.faults.push({ status: 500 }, 'never answers')
    const error = await refusal(model({ timeoutMs: 150 }).ask(QUESTION))
    expect(error.message).toBe('The language model did not answer within 0.15 s.')
    expect(spent[0]?.tookMs).toBeLessThan(30_000)
  })

  test('that is answered too late is paid for, or an endpoint that is always late would spend without end', async () => {
    fake.faults.push('never answers')
    const one = model({ timeoutMs: 150, tokensPerDay: 50, price: { input: 1, output: 10 } })
    await refusal(one.ask(QUESTION))
    expect(spent).toMatchObject([{ inputTokens: 60, outputTokens: 0, costUsd: 60 / 1_000_000 }])
    expect((await refusal(one.ask(QUESTION))).message).toContain('50 tokens for today are spent')
  })

  test.each([
    ['broken JSON', 'its answer is no JSON'],
    ['no choices', 'not what chat completions answer'],
    ['hangs up', 'does not answer'],
  ] as const)('%s is said as what it is', async (fault, says) => {
    fake.faults.push(fault, fault, fault)
    expect((await refusal(model().ask(QUESTION))).message).toContain(says)
  })

  test('counts that cannot be true are not believed: the store could not hold them, and nothing would be spent', async () => {
    fake.faults.push('impossible counts')
    expect((await model().ask(QUESTION)).inputTokens).toBe(60)
    expect(spent).toMatchObject([{ inputTokens: 60, outcome: 'answered' }])
  })

  test('arguments that are no JSON are no calls, and are paid for', async () => {
    fake.faults.push('broken arguments')
    expect((await refusal(model().ask(QUESTION))).message).toContain('cannot be read')
    expect(spent).toMatchObject([{ inputTokens: 1_200, outcome: 'arguments that are no JSON' }])
  })

  test('a wrong key, a wrong name and an empty account are said with what to look at, and never asked twice', async () => {
    fake.faults.push({ status: 401 }, { status: 404 }, { status: 429, code: 'insufficient_quota' }, { status: 413 })
    const one = model()
    expect(await refusal(one.ask(QUESTION))).toMatchObject({
      retryable: false,
      message: expect.stringContaining('model.key'),
    })
    expect((await refusal(one.ask(QUESTION))).message).toContain('There is no model "fake-1"')
    expect((await refusal(one.ask(QUESTION))).message).toContain('no credit left')
    expect((await refusal(one.ask(QUESTION))).message).toContain('refused the question (HTTP 413')
    expect(fake.asked).toHaveLength(4)
  })

  test('an endpoint that is down is left alone for a while', async () => {
    await fake.close()
    const one = model({}, { resilience: { retries: 0, opensAfter: 2, halfOpenAfterMs: 60_000 } })
    expect((await refusal(one.ask(QUESTION))).message).toContain('connection refused')
    await refusal(one.ask(QUESTION))
    expect((await refusal(one.ask(QUESTION))).message).toMatch(/connection refused; it is asked again in \d+ s/)
  })
})

describe('the tokens of a day', () => {
  test('are not overdrawn; it is logged once a day and said every time, and the next day goes on', async () => {
    const one = model({ tokensPerDay: 2_000 })
    await one.ask(QUESTION)
    await one.ask(QUESTION)
    const error = await refusal(one.ask(QUESTION))
    expect(error.message).toBe("The language model's 2,000 tokens for today are spent; it rests until midnight UTC.")
    expect(error.retryAfterMs).toBe(14 * 3_600_000)
    await refusal(one.ask(QUESTION))
    expect(warned).toEqual(["the language model's tokens for the day are spent; the local reader goes on alone"])
    expect(await one.health()).toEqual({ ok: false, says: expect.stringContaining('2,000 tokens for today are spent') })
    expect(fake.asked).toHaveLength(2)
    now = new Date('2026-11-21T00:00:01Z')
    expect((await one.ask(QUESTION)).calls).toEqual([CALL])
  })

  test('a ledger that cannot be written does not lose the answer', async () => {
    const ledger = { record: () => Promise.reject(new Error('the disk is full')), tokensSince: async () => 0 }
    expect((await model({}, { ledger }).ask(QUESTION)).calls).toEqual([CALL])
    expect(warned).toEqual(['what a language model cost could not be written down'])
  })
})

describe('its health', () => {
  test('says how fast it answers and what is left, without spending a token', async () => {
    const one = model()
    expect(await one.health()).toEqual({
      ok: true,
      says: expect.stringMatching(/^fake-1 at 127\.0\.0\.1:\d+ answers in \d+ ms; 0 of 100,000 tokens used today$/),
    })
    expect(fake.asked).toHaveLength(0)
  })

  test('says when the model is not listed, when no list is kept, and when nothing answers', async () => {
    expect((await model({ name: 'other' }).health()).says).toContain('does not list that model')
    fake.models = undefined
    expect(await model().health()).toMatchObject({ ok: true })
    await fake.close()
    expect(await model().health()).toEqual({
      ok: false,
      says: expect.stringMatching(/does not answer \(connection (?:refused|lost)\)/),
    })
  })
})
