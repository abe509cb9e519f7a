import { z } from 'zod'
import { duration, secretReference, words } from './parts.ts'

const MOST_MS = 120_000

const usd = z.number().min(0).max(100_000)

export const model = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .refine((text) => new URL(text).password === '')
      .describe(
        'the address of an endpoint that speaks OpenAI chat completions, without a password, like https://api.openai.com/v1 or http://127.0.0.1:11434/v1',
      ),
    name: words.describe('the name of the model at that endpoint, like gpt-5-mini'),
    key: secretReference.optional(),
    timeout: duration
      .refine((ms) => ms >= 100 && ms <= MOST_MS)
      .default(8_000)
      .describe('how long one reading may take, retries included, between 100 ms and 2 minutes, like 8s'),
    tokensPerDay: z
      .number()
      .int()
      .positive()
      .default(1_000_000)
      .describe('how many tokens may be spent in a day (UTC), like 1000000; then the local reader goes on alone'),
    price: z
      .strictObject({ input: usd, output: usd })
      .optional()
      .describe(
        'USD for a million tokens, like { input: 0.25, output: 2 }; without it tokens are counted and costs are not',
      ),
  })
  .describe(
    'a language model that reads what the local reader is not sure of: url, name, key, timeout, tokensPerDay, price',
  )
