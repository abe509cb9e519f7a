import type { ModelConfig } from '../../core/config/config.ts'
import { messageOf, UpstreamError } from '../../core/errors.ts'
import type { LanguageModel, ModelAnswer, ModelLedger, ModelQuestion } from '../../core/ports/language-model.ts'
import type { Logger } from '../../core/ports/logger.ts'
import type { Telemetry } from '../../core/ports/telemetry.ts'
import { createResilience, type ResilienceOptions } from '../resilience.ts'
import { Trouble } from '../trouble.ts'
import { type Completed, countedByHand, createEndpoint, SERVICE } from './endpoint.ts'

export interface LanguageModelOptions {
  readonly config: Omit<ModelConfig, 'key'>
  /** Asked at every call; undefined where the endpoint wants none. */
  readonly key: () => string | undefined
  readonly ledger: ModelLedger
  readonly log: Logger
  readonly clock: () => Date
  readonly telemetry?: Telemetry
  readonly resilience?: Partial<ResilienceOptions>
}

/** Somebody waits for the answer: few tries, close together, and a longer rest for what is down. */
const RESILIENCE: ResilienceOptions = {
  retries: 2,
  firstDelayMs: 200,
  longestDelayMs: 2_000,
  opensAfter: 4,
  halfOpenAfterMs: 30_000,
  longestOpenMs: 30_000,
}
const LOOKED_AT_EVERY_MS = 60_000
const LOOK_MS = 3_000
const ANSWERED = 'answered'
const TOKENS_OF_A_PRICE = 1_000_000

/** A language model behind any endpoint that speaks OpenAI's chat completions, with a day's budget that all processes share. */
export function createLanguageModel(options: LanguageModelOptions): LanguageModel {
  const { config, ledger, log, clock } = options
  const endpoint = createEndpoint({ url: config.url, model: config.name, key: options.key, clock })
  const resilience = createResilience({
    ...RESILIENCE,
    ...options.resilience,
    circuit: (state) => options.telemetry?.tell({ what: 'circuit', service: SERVICE, state }),
  })
  let complainedOn = ''
  let looked: { readonly at: number; readonly found: Promise<{ ok: boolean; says: string }> } | undefined

  async function requireBudget(): Promise<void> {
    const now = clock()
    const today = startOfDay(now)
    if ((await ledger.tokensSince(today)) < config.tokensPerDay) return
    const day = today.toISOString()
    if (complainedOn !== day) {
      complainedOn = day
      log.warn(
        { tokensPerDay: config.tokensPerDay, day },
        "the language model's tokens for the day are spent; the local reader goes on alone",
      )
    }
    throw new UpstreamError(
      `The language model's ${sayNumber(config.tokensPerDay)} tokens for today are spent; it rests until midnight UTC.`,
      {
        service: SERVICE,
        retryable: true,
        retryAfterMs: today.getTime() + 86_400_000 - now.getTime(),
      },
    )
  }

  /** The tries of one question, all within its time. */
  async function complete(question: ModelQuestion, signal: AbortSignal): Promise<Completed> {
    const late = () =>
      new UpstreamError(`The language model did not answer within ${config.timeoutMs / 1000} s.`, {
        service: SERVICE,
        retryable: true,
      })
    const tries = resilience.again(() => {
      if (signal.aborted) throw late()
      return endpoint.complete(question, signal)
    })
    const timeIsUp = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(late()), { once: true })
    })
    // Whichever of the two comes second is nobody's any more.
    timeIsUp.catch(() => {})
    tries.catch(() => {})
    return Promise.race([tries, timeIsUp])
  }

  async function note(question: ModelQuestion, spent: Omit<ModelAnswer, 'calls'>, outcome: string): Promise<void> {
    const { purpose, requestId, operationId } = question
    options.telemetry?.tell({
      what: 'asked-model',
      model: config.name,
      purpose,
      ok: outcome === ANSWERED,
      ...spent,
    })
    try {
      await ledger.record({ at: clock(), model: config.name, purpose, requestId, operationId, ...spent, outcome })
    } catch (error) {
      log.warn({ error, requestId, operationId, ...spent }, 'what a language model cost could not be written down')
    }
  }

  return {
    name: config.name,
    async ask(question) {
      await requireBudget()
      const before = performance.now()
      const tookMs = () => performance.now() - before
      let completed: Completed
      const signal = AbortSignal.timeout(config.timeoutMs)
      try {
        completed = await complete(question, signal)
      } catch (error) {
        const explained = explain(error)
        // What was answered too late is paid for all the same: at least its question counts.
        const tokens = { inputTokens: signal.aborted ? countedByHand(question) : 0, outputTokens: 0 }
        const costUsd = signal.aborted ? costOf(tokens, config.price) : undefined
        await note(question, { ...tokens, costUsd, tookMs: tookMs() }, messageOf(explained))
        throw explained
      }
      const { inputTokens, outputTokens, calls } = completed
      const spent = { inputTokens, outputTokens, costUsd: costOf(completed, config.price), tookMs: tookMs() }
      await note(question, spent, calls ? ANSWERED : 'arguments that are no JSON')
      if (!calls)
        throw new UpstreamError('The language model answered with what cannot be read.', {
          service: SERVICE,
          retryable: true,
        })
      return { calls, ...spent }
    },
    async health() {
      const now = performance.now()
      if (!looked || now - looked.at > LOOKED_AT_EVERY_MS) looked = { at: now, found: look() }
      const { ok, says } = await looked.found
      const spent = await ledger.tokensSince(startOfDay(clock()))
      if (spent >= config.tokensPerDay)
        return {
          ok: false,
          says: `${says}; its ${sayNumber(config.tokensPerDay)} tokens for today are spent, so the local reader goes on alone until midnight UTC`,
        }
      return { ok, says: `${says}; ${sayNumber(spent)} of ${sayNumber(config.tokensPerDay)} tokens used today` }
    },
  }

  async function look(): Promise<{ ok: boolean; says: string }> {
    const before = performance.now()
    try {
      const models = await endpoint.models(AbortSignal.timeout(LOOK_MS))
      const took = `${config.name} at ${new URL(config.url).host} answers in ${Math.round(performance.now() - before)} ms`
      // Gateways take names that they do not list.
      return {
        ok: true,
        says: models?.includes(config.name) === false ? `${took}, but does not list that model` : took,
      }
    } catch (error) {
      const explained = explain(error)
      return { ok: false, says: messageOf(explained).replace(/\.$/, '') }
    }
  }
}

const startOfDay = (now: Date): Date => new Date(Math.floor(now.getTime() / 86_400_000) * 86_400_000)
const sayNumber = (count: number): string => count.toLocaleString('en-US')

function costOf(
  { inputTokens, outputTokens }: Pick<Completed, 'inputTokens' | 'outputTokens'>,
  price: ModelConfig['price'],
): number | undefined {
  return price && (inputTokens * price.input + outputTokens * price.output) / TOKENS_OF_A_PRICE
}

function explain(error: unknown): unknown {
  if (!(error instanceof Trouble)) return error
  const says =
    error.status === 429
      ? 'The language model asks to wait: its rate limit is used up.'
      : `The language model does not answer (${error.how}).`
  return new UpstreamError(says, {
    service: SERVICE,
    retryable: true,
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
    cause: error,
  })
}
