import { DateTime } from 'luxon'
import { UpstreamError } from '../../../core/errors.ts'
import type { RequestId } from '../../../core/ids.ts'
import type { Interpretation } from '../../../core/interpretation.ts'
import { canonicalJson, type JsonObject, sha256 } from '../../../core/json.ts'
import type { LanguageModel, ModelCall } from '../../../core/ports/language-model.ts'
import type { Logger } from '../../../core/ports/logger.ts'
import { redact } from '../../../core/secrets.ts'
import { isChange } from '../../../core/skill.ts'
import type { SpokenSkillSet } from '../../../core/skill-set.ts'
import { fillPrompt, loadPrompt } from '../../../prompts/load.ts'
import { cleanText, takeDryRun } from '../clean.ts'
import type { Before } from '../extract.ts'
import { interpretDraft, knownOf, noRequest, type UnderstandOptions } from '../understand.ts'
import { rememberAnswers } from './answers.ts'
import { catalogHints } from './catalog-hints.ts'
import { combineDrafts } from './combine.ts'
import { soundsDenied } from './denials.ts'
import { type Spoken, saysSomething, splitOutside } from './outside-text.ts'
import { type Reading, readCalls } from './readings.ts'
import { type Toolbox, toolboxFor } from './tools.ts'
import { isUnsure, worthAsking } from './worth-asking.ts'

/** What a text is read with, besides the words themselves. */
export interface Given {
  /** What the local reader made of it. */
  readonly local: Interpretation
  readonly before: Before
  /** The question that this may be the answer to. */
  readonly question?: OpenRequest
  readonly options: UnderstandOptions
  readonly requestId?: RequestId
}

/** A request of which something is still asked. */
export interface OpenRequest {
  readonly skill: string
  readonly said: string
  readonly input: JsonObject
  readonly asks: readonly string[]
}

export interface Reread {
  /** The local reader's where the model had nothing better. */
  readonly interpretation: Interpretation
  /** It goes on with the open question's request. */
  readonly answers: boolean
  /** Why the model said nothing, for a card that has to ask instead. */
  readonly silent?: string
}

export interface ModelReader {
  /** Whether asking could tell more than the local reading does. */
  mayTellMore(text: string, local: Interpretation, skills: SpokenSkillSet): boolean
  /** Reads with the model, once for the same words in the same circumstances. Never throws for what a model or an endpoint does. */
  read(text: string, given: Given): Promise<Reread>
}

const MOST_REMEMBERED = 1_000
/** While these wait for a slow endpoint, everybody else is read locally instead of waiting behind them. */
const MOST_AT_ONCE = 8
/** A model has no confidence of its own worth the name; two readers that agree are better than one. */
const CONFIDENCE = { alone: 0.8, agreed: 0.9 }

/** The reader that asks a language model. What it says is held against the words, the catalog and the skill's schema like anybody's. */
export function createModelReader(deps: { readonly model: LanguageModel; readonly log: Logger }): ModelReader {
  const { model, log } = deps
  const prompt = loadPrompt('understand')
  const toolboxes = new WeakMap<SpokenSkillSet, Toolbox>()
  const answers = rememberAnswers(MOST_REMEMBERED)
  let asking = 0

  function toolboxOf(skills: SpokenSkillSet): Toolbox {
    const toolbox = toolboxes.get(skills) ?? toolboxFor(skills, prompt)
    toolboxes.set(skills, toolbox)
    return toolbox
  }

  function messageFor({ said, outside }: Spoken, { before, question, options }: Given): string {
    const today = DateTime.fromJSDate(options.now, { zone: options.person?.timezone ?? 'UTC' })
    const { skill, input, asks } = question ?? {}
    // As JSON, so that nothing in a text can look like the end of it.
    return redact(
      fillPrompt(prompt.part('message'), {
        ...catalogHints(options.catalog, [said, ...outside].join(' ')),
        today: today.toFormat('cccc yyyy-MM-dd'),
        spoken: JSON.stringify(before),
        question: question ? JSON.stringify({ skill, known: input, asks }) : 'none',
        outside: JSON.stringify(outside),
        said: JSON.stringify(said),
      }),
    )
  }

  async function callsFor(spoken: Spoken, given: Given): Promise<readonly ModelCall[]> {
    const { tools, version } = toolboxOf(given.options.skills)
    const message = messageFor(spoken, given)
    const key = sha256(
      canonicalJson([model.name, prompt.name, prompt.version, version, given.options.catalog.version, message]),
    )
    const known = answers.get(key)
    if (known) return known
    const { requestId } = given
    const instructions = prompt.part('instructions')
    if (asking >= MOST_AT_ONCE)
      throw new UpstreamError('The language model has its hands full.', { service: 'language model', retryable: true })
    asking++
    const answer = await model
      .ask({ purpose: prompt.name, instructions, message, tools, requestId })
      .finally(() => asking--)
    const { inputTokens, outputTokens, costUsd, tookMs, calls } = answer
    const chose = calls.map(({ tool }) => tool)
    log.info(
      { requestId, model: model.name, inputTokens, outputTokens, costUsd, tookMs, chose },
      'a language model read a request',
    )
    answers.set(key, calls)
    return calls
  }

  return {
    mayTellMore(text, local, skills) {
      const spoken = splitOutside(text)
      return saysSomething(spoken) && worthAsking(local, spoken.said, skills)
    },
    async read(text, given) {
      const spoken = splitOutside(text)
      try {
        const calls = await callsFor(spoken, given)
        return judged(text, spoken, given, calls)
      } catch (error) {
        if (!(error instanceof UpstreamError)) throw error
        log.info({ requestId: given.requestId, error }, 'the language model said nothing; the local reading stands')
        return { interpretation: given.local, answers: false, silent: error.message }
      }
    },
  }
}

function judged(text: string, spoken: Spoken, given: Given, calls: readonly ModelCall[]): Reread {
  const { local, before, question, options } = given
  const known = knownOf(options)
  const ground = {
    said: [question?.said, spoken.said].filter(Boolean).join('\n'),
    outside: spoken.outside.join('\n'),
    before,
    catalog: options.catalog,
    clock: known.clock,
    peopleNamed: known.peopleNamed,
  }
  const reading = readCalls(calls, options.skills, ground, known)
  // Where the local reader finds a request in the same words, it has looked at their mood with more care than this.
  const denied =
    reading.kind === 'skill' && isChange(reading.skill) && local.skill === null && soundsDenied(spoken.said)
  // A reading that only lacks a part is the local reader's to ask about, whatever a model would rather do.
  const stands = local.skill !== null && !isUnsure(local)
  if (stands && (reading.kind === 'none' || reading.skill.name !== local.skill))
    return { interpretation: local, answers: false }
  if (reading.kind === 'none' || denied)
    return { interpretation: noRequest(text, 'model', CONFIDENCE.alone), answers: false }
  return interpreted(text, spoken, given, reading, question)
}

function interpreted(
  text: string,
  spoken: Spoken,
  { local, options }: Given,
  { skill, draft }: Reading & { kind: 'skill' },
  question: OpenRequest | undefined,
): Reread {
  const answers = question?.skill === skill.name
  const { dryRun } = takeDryRun(cleanText(spoken.said))
  const interpret = (from: typeof draft, confidence: number) =>
    interpretDraft({ text, skill, draft: from, by: 'model', confidence, dryRun }, options)
  if (answers && question) {
    const kept = Object.entries(question.input).map(([name, value]) => [name, { value: value ?? null }])
    return { interpretation: interpret({ ...Object.fromEntries(kept), ...draft }, CONFIDENCE.agreed), answers }
  }
  const read = interpret(draft, CONFIDENCE.alone)
  if (local.skill !== skill.name) return { interpretation: read, answers }
  return { interpretation: interpret(combineDrafts(skill, draft, read, local), CONFIDENCE.agreed), answers }
}
