import { HttpResponse } from 'msw/http'
import { afterEach, expect, test, vi } from 'vitest'
import { configuredModel } from '../../../clients/llm/configured.ts'
import { configFrom } from '../../../core/config.ts'
import type { LanguageModel, ModelQuestion } from '../../../core/ports/language-model.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import {
  cutJson,
  gzipped,
  hungUp,
  jsonOf,
  neverDone,
  pageForPeople,
  rateLimited,
  slowly,
  useOutside,
} from '../../_harness/outside.ts'

const outside = useOutside()
afterEach(() => vi.unstubAllEnvs())

const CHAT = 'POST https://api.openai.com/v1/chat/completions'
const QUESTION: ModelQuestion = {
  ...{ purpose: 'understand', instructions: 'Choose a tool.', message: 'scale cart to 4' },
  tools: [{ name: 'scale', description: 'Scale', parameters: { type: 'object', properties: {} }, strict: true }],
}
const ANSWER = {
  ...{ id: 'chatcmpl-1', object: 'chat.completion', created: 1_763_700_000, model: 'gpt-5-mini' },
  choices: [
    {
      ...{ index: 0, finish_reason: 'tool_calls' },
      message: {
        ...{ role: 'assistant', content: null },
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'scale', arguments: '{"replicas":4}' } }],
      },
    },
  ],
  usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
}

/** The model of the configuration, with a key and nothing else said. */
async function model(timeoutMs = 5_000): Promise<LanguageModel> {
  vi.stubEnv('TRUE_OPENAI_KEY', 'sk-of-these-tests')
  const { model } = configFrom({
    environments: { staging: { namespace: 'shop' } },
    model: { url: 'https://api.openai.com/v1', name: 'gpt-5-mini', key: 'env:TRUE_OPENAI_KEY' },
  })
  const made = await configuredModel(model && { ...model, timeoutMs }, {
    ledger: { record: async () => undefined, tokensSince: async () => 0 },
    ...{ log: silentLogger, clock: () => new Date(), resilience: { retries: 1, firstDelayMs: 1 } },
  })
  if (!made) throw new Error('the configuration has no model')
  return made
}

test('is asked at its address with our key, and with nothing that the environment says of another', async () => {
  vi.stubEnv('OPENAI_BASE_URL', 'https://thief.example/v1')
  vi.stubEnv('OPENAI_API_KEY', 'sk-of-somebody-else')
  vi.stubEnv('OPENAI_ORG_ID', 'org-else')
  vi.stubEnv('OPENAI_PROJECT_ID', 'project-else')
  outside.answers(CHAT, () => jsonOf(ANSWER))
  expect((await (await model()).ask(QUESTION)).calls).toEqual([{ tool: 'scale', arguments: { replicas: 4 } }])
  const [call] = outside.asked
  expect(call?.headers.get('authorization')).toBe('Bearer sk-of-these-tests')
  expect(call?.headers.get('openai-organization')).toBeNull()
  expect(call?.headers.get('openai-project')).toBeNull()
  expect(JSON.parse(call?.text ?? '')).toEqual({
    ...{ model: 'gpt-5-mini', temperature: 0, max_completion_tokens: 2_000, tool_choice: 'auto' },
    messages: [
      { role: 'system', content: 'Choose a tool.' },
      { role: 'user', content: 'scale cart to 4' },
    ],
    tools: [
      {
        type: 'function',
        function: { name: 'scale', description: 'Scale', parameters: { type: 'object', properties: {} }, strict: true },
      },
    ],
  })
})

test('its health is its list of models', async () => {
  outside.answers('GET https://api.openai.com/v1/models', () =>
    jsonOf({ object: 'list', data: [{ id: 'gpt-5-mini', object: 'model' }] }),
  )
  expect(await (await model()).health()).toEqual({
    ...{ ok: true, says: expect.stringMatching(/^gpt-5-mini at api\.openai\.com answers in \d+ ms; /) },
  })
  expect(outside.asked[0]?.headers.get('authorization')).toBe('Bearer sk-of-these-tests')
})

test.each([
  ['packed', gzipped],
  ['piece by piece', slowly],
])('its answer is read when it comes %s', async (_how, as) => {
  outside.answers(CHAT, () => as(ANSWER))
  expect((await (await model()).ask(QUESTION)).inputTokens).toBe(100)
})

const DOWN = 'The language model does not answer'
test.each<[string, () => Response, string, number]>([
  [
    'asks to wait a minute',
    () => rateLimited(60, { error: { message: 'Rate limit reached', code: 'rate_limit_exceeded' } }),
    'The language model asks to wait: its rate limit is used up.',
    1,
  ],
  ['is down behind its load balancer', () => pageForPeople(503), `${DOWN} (HTTP 503).`, 2],
  [
    'hides behind the page of a proxy',
    () => pageForPeople(200),
    `${DOWN} (its answer is not what chat completions answer).`,
    2,
  ],
  ['hangs up', hungUp, `${DOWN} (connection lost).`, 2],
  ['cannot be reached', () => HttpResponse.error(), `${DOWN} (Network error).`, 2],
  ['stops in the middle', () => cutJson(ANSWER), `${DOWN} (its answer is no JSON).`, 2],
])('a model that %s', async (_what, answer, says, asked) => {
  outside.answers(CHAT, answer)
  await expect((await model()).ask(QUESTION)).rejects.toMatchObject({
    ...{ name: 'UpstreamError', retryable: true, message: says },
  })
  expect(outside.asked).toHaveLength(asked)
})

test('a model that never comes to an end is not waited for', async () => {
  outside.answers(CHAT, neverDone)
  await expect((await model(500)).ask(QUESTION)).rejects.toThrow('The language model did not answer within 0.5 s.')
})
