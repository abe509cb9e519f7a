import OpenAI, { APIConnectionError, APIError, APIUserAbortError } from 'openai'
import { z } from 'zod'
import { UpstreamError } from '../../core/errors.ts'
import type { ModelCall, ModelQuestion } from '../../core/ports/language-model.ts'
import { redact } from '../../core/secrets.ts'
import { networkTrouble, retryAfterMs, Trouble } from '../trouble.ts'

export interface EndpointOptions {
  readonly url: string
  readonly model: string
  /** Asked at every call. */
  readonly key: () => string | undefined
  readonly clock: () => Date
}

/** Any server that speaks OpenAI's chat completions. Throws Trouble for what may pass, UpstreamError for what will not. */
export interface ModelEndpoint {
  complete(question: ModelQuestion, signal: AbortSignal): Promise<Completed>
  /** The models it lists; undefined where it keeps no list. */
  models(signal: AbortSignal): Promise<readonly string[] | undefined>
}

export interface Completed {
  readonly inputTokens: number
  readonly outputTokens: number
  /** Undefined when the arguments of a tool were no JSON object. */
  readonly calls: readonly ModelCall[] | undefined
}

export const SERVICE = 'language model'
/** A call of a tool is a few dozen tokens; some models think aloud before it. */
const MOST_OUTPUT_TOKENS = 2_000
const LONGEST_COMPLAINT = 200

const tokens = z.int().min(0).max(1_000_000_000)
const Completion = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({
          content: z.string().nullish(),
          tool_calls: z
            .array(
              z.object({
                function: z.object({
                  name: z.string(),
                  arguments: z.union([z.string(), z.record(z.string(), z.json())]).nullish(),
                }),
              }),
            )
            .nullish(),
        }),
      }),
    )
    .min(1),
  // Counts that cannot be true count as none: what cannot be written down would spend nothing of the budget.
  usage: z.object({ prompt_tokens: tokens, completion_tokens: tokens }).nullish().catch(undefined),
})
const Arguments = z.record(z.string(), z.json())

export function createEndpoint({ url, model, key, clock }: EndpointOptions): ModelEndpoint {
  const client = new OpenAI({
    baseURL: url,
    // Servers of one's own often want none; the package insists on one.
    apiKey: async () => key() ?? 'none',
    // Ours goes round it (clients/resilience.ts), and nothing is taken from the environment behind the configuration's back.
    maxRetries: 0,
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
    logLevel: 'off',
  })
  // What not every server takes; left out for good once one refused it.
  let extras = true

  async function send(question: ModelQuestion, signal: AbortSignal): Promise<unknown> {
    const { instructions, message, tools } = question
    return client.chat.completions.create(
      {
        model,
        messages: [
          { role: 'system', content: instructions },
          { role: 'user', content: message },
        ],
        tools: tools.map(({ name, description, parameters, strict }) => ({
          type: 'function',
          function: { name, description, parameters, ...(extras && strict ? { strict } : {}) },
        })),
        tool_choice: 'auto',
        ...(extras ? { temperature: 0, max_completion_tokens: MOST_OUTPUT_TOKENS } : {}),
      },
      { signal },
    )
  }

  return {
    async complete(question, signal) {
      let body: unknown
      try {
        body = await send(question, signal).catch((error: unknown) => {
          if (!extras || !refusesExtras(error)) throw error
          extras = false
          return send(question, signal)
        })
      } catch (error) {
        throw translated(error, model, url, clock())
      }
      const parsed = Completion.safeParse(body)
      if (!parsed.success) throw new Trouble('its answer is not what chat completions answer', { outage: false })
      const { choices, usage } = parsed.data
      const { message } = choices[0] ?? { message: {} }
      const calls = (message.tool_calls ?? []).map((call) => callOf(call.function))
      return {
        inputTokens: usage?.prompt_tokens ?? countedByHand(question),
        outputTokens: usage?.completion_tokens ?? countedByHand(message),
        calls: calls.every((call) => call !== undefined) ? calls : undefined,
      }
    },
    async models(signal) {
      try {
        const { data } = await client.models.list({ signal })
        return data?.map(({ id }) => id)
      } catch (error) {
        if (error instanceof APIError && error.status === 404) return undefined
        throw translated(error, model, url, clock())
      }
    },
  }
}

/** Where nobody counts: four characters a token keeps the budget honest enough. */
export const countedByHand = (data: object): number => Math.ceil(JSON.stringify(data).length / 4)

function callOf({
  name,
  arguments: said,
}: {
  name: string
  arguments?: string | object | null
}): ModelCall | undefined {
  try {
    const parsed = Arguments.safeParse(typeof said === 'string' ? JSON.parse(said || '{}') : (said ?? {}))
    return parsed.success ? { tool: name, arguments: parsed.data } : undefined
  } catch {
    return undefined
  }
}

const refusesExtras = (error: unknown): boolean =>
  error instanceof APIError &&
  (error.status === 400 || error.status === 422) &&
  /temperature|max_completion|strict|schema|additional/i.test(error.message)

function translated(error: unknown, model: string, url: string, now: Date): unknown {
  if (error instanceof APIUserAbortError) return new Trouble('no answer in time', { cause: error })
  if (error instanceof APIConnectionError)
    return networkTrouble(error.cause) ?? new Trouble('no connection', { cause: error })
  // The body was no JSON though its type said so.
  if (error instanceof SyntaxError) return new Trouble('its answer is no JSON', { outage: false, cause: error })
  if (!(error instanceof APIError)) return networkTrouble(error) ?? error
  // Generic by default, and instanceof cannot narrow it.
  const { status, code, headers } = error as APIError<number | undefined, Headers | undefined>
  const where = new URL(url).host
  const forGood = (says: string) => new UpstreamError(says, { service: SERVICE, retryable: false, cause: error })
  if (status === 401 || status === 403)
    return forGood(
      `The language model at ${where} does not take our key (HTTP ${status}): look at model.key in the configuration.`,
    )
  if (status === 404)
    return forGood(
      `There is no model "${model}" at ${where} (HTTP 404): look at model.url and model.name in the configuration.`,
    )
  if (code === 'insufficient_quota')
    return forGood(`The account at ${where} has no credit left for its language model.`)
  if (status === undefined || status === 408 || status === 409 || status === 429 || status >= 500)
    return new Trouble(status ? `HTTP ${status}` : 'an error in its answer', {
      ...(status === undefined ? {} : { status }),
      ...retryIn(headers, now),
      outage: status !== 429,
      cause: error,
    })
  const complaint = redact(error.message).slice(0, LONGEST_COMPLAINT)
  return forGood(`The language model at ${where} refused the question (HTTP ${status}): ${complaint}`)
}

function retryIn(headers: Headers | undefined, now: Date): { retryAfterMs?: number } {
  const ms = retryAfterMs(headers?.get('retry-after') ?? undefined, now)
  return ms === undefined ? {} : { retryAfterMs: ms }
}
