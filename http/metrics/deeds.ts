import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import { CLICK_VERBS } from '../../core/card.ts'
import type { RequestId } from '../../core/ids.ts'
import type { Reader } from '../../core/interpretation.ts'
import { SURFACES } from '../../core/person.ts'
import type { Deed, RequestEnd, Telemetry } from '../../core/ports/telemetry.ts'
import { isTerminal, OPERATION_STATES, TERMINAL_STATES } from '../../core/states.ts'
import { OUTBOX_KINDS } from '../../db/schema/outbox.ts'
import { beginAtZero } from './zeroes.ts'

const QUICK = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const LONG = [0.1, 0.5, 1, 5, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 14_400, 86_400]

/** The values of a label; its type has none forgotten. */
const valuesOf = <Value extends string>(all: Readonly<Record<Value, true>>) => Object.keys(all)
type StepDeed = Extract<Deed, { what: 'step' }>
const STEP_KINDS = valuesOf<StepDeed['kind']>({ step: true, observe: true, wait: true, decide: true })
const STEP_PHASES = valuesOf<StepDeed['phase']>({ run: true, compensate: true })
const STEP_OUTCOMES = valuesOf<StepDeed['outcome']>({ done: true, failed: true, unknown: true })
const READERS = valuesOf<Reader>({ command: true, local: true, model: true, form: true })
const CLICK_RESULTS = valuesOf<Extract<Deed, { what: 'clicked' }>['result']>({
  counted: true,
  refused: true,
  failed: true,
})
const JOB_OUTCOMES = valuesOf<Extract<Deed, { what: 'worked' }>['outcome']>({
  done: true,
  failed: true,
  'handed-back': true,
})
const REQUEST_ENDS = valuesOf<RequestEnd>({
  answered: true,
  proposed: true,
  asked: true,
  refused: true,
  ignored: true,
  failed: true,
})

const secondsBetween = (from: Date, until: Date) => Math.max(0, until.getTime() - from.getTime()) / 1000

export interface DeedCounts extends Telemetry {
  /** Operations of these skills may come into states from now on. */
  expect(skills: readonly string[]): void
}

/** Counts what was done in this process since it started. */
export function countDeeds(registry: Registry): DeedCounts {
  const registers = [registry]
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name: `quarterdeck_${name}`, help, labelNames, registers })
  const histogram = <Label extends string>(name: string, help: string, buckets: number[], ...labelNames: Label[]) =>
    new Histogram({ name: `quarterdeck_${name}`, help, buckets, labelNames, registers })

  const requests = counter(
    'requests_total',
    'Messages that were answered, by what became of them.',
    'surface',
    'outcome',
  )
  const readings = counter('readings_total', 'Readings of a message, by who read it.', 'by')
  const firstCard = histogram(
    'request_first_card_seconds',
    'From a message received to its first card shown, both by this process.',
    QUICK,
    'surface',
  )
  const answering = histogram('request_answer_seconds', 'From a message received to its card stored.', QUICK, 'surface')
  const transitions = counter('operation_transitions_total', 'Operations that came into a state.', 'state', 'skill')
  const lengths = histogram('operation_seconds', 'From an operation planned to its end.', LONG, 'state')
  const decisions = histogram('approval_wait_seconds', 'From a plan shown to its last approval.', LONG)
  const steps = counter('steps_total', 'Steps of operations that came to an end.', 'kind', 'phase', 'outcome')
  const stepTimes = histogram('step_seconds', 'How long steps took that touch the outside.', LONG, 'outcome')
  const jobs = counter('jobs_total', 'Jobs of the queue that were worked on.', 'kind', 'outcome')
  const jobWaits = histogram('job_wait_seconds', 'From a job due to a worker taking it.', QUICK, 'kind')
  const sends = counter(
    'card_sends_total',
    'Cards sent or edited, by whether the surface took them.',
    'surface',
    'outcome',
  )
  const givenUp = counter(
    'cards_given_up_total',
    'Cards that a surface refused for so long that they are not tried any more.',
    'surface',
  )
  const sendTimes = histogram('card_send_seconds', 'From a card written to it shown.', QUICK, 'surface')
  const clicks = counter('clicks_total', 'Clicks, by what became of them.', 'surface', 'verb', 'result')
  const calls = counter('model_calls_total', 'Questions to the language model.', 'model', 'purpose', 'outcome')
  const tokens = counter('model_tokens_total', 'Tokens of questions and answers.', 'model', 'direction')
  const dollars = counter(
    'model_cost_dollars_total',
    'What the language model cost, where a price is configured.',
    'model',
  )
  const modelTimes = histogram(
    'model_call_seconds',
    'How long the language model took, retries included.',
    QUICK,
    'model',
  )
  const opened = counter(
    'circuit_opened_total',
    'How often calls to an outside system were given up for a while.',
    'service',
  )

  const circuits = new Gauge({
    ...{ name: 'quarterdeck_circuit_open', labelNames: ['service'], registers },
    help: '1 while an outside system is given a rest, or tried again for the first time.',
  })

  const surface = SURFACES
  for (const one of [firstCard, answering, givenUp, sendTimes]) beginAtZero(one, { surface })
  beginAtZero(requests, { surface, outcome: REQUEST_ENDS })
  beginAtZero(readings, { by: READERS })
  beginAtZero(lengths, { state: TERMINAL_STATES })
  beginAtZero(steps, { kind: STEP_KINDS, phase: STEP_PHASES, outcome: STEP_OUTCOMES })
  beginAtZero(stepTimes, { outcome: STEP_OUTCOMES })
  beginAtZero(sends, { surface, outcome: ['sent', 'failed'] })
  beginAtZero(jobs, { kind: OUTBOX_KINDS, outcome: JOB_OUTCOMES })
  beginAtZero(jobWaits, { kind: OUTBOX_KINDS })
  beginAtZero(clicks, { surface, verb: CLICK_VERBS, result: CLICK_RESULTS })

  /** When messages were received whose first card is not shown yet. */
  const received = createReceived()

  const count = (deed: Deed): void => {
    switch (deed.what) {
      case 'received':
        received.note(deed.requestId, deed.at)
        break
      case 'understood':
        readings.inc({ by: deed.by })
        break
      case 'answered':
        requests.inc({ surface: deed.surface, outcome: deed.outcome })
        answering.observe({ surface: deed.surface }, secondsBetween(deed.from, deed.until))
        break
      case 'moved': {
        const { state, before, skill, since, at, createdAt } = deed
        transitions.inc({ state, skill })
        const wasOpen = before === 'planned' || before === 'awaiting_approval'
        if (state === 'approved' && wasOpen) decisions.observe(secondsBetween(since, at))
        if (isTerminal(state)) lengths.observe({ state }, secondsBetween(createdAt, at))
        break
      }
      case 'step': {
        const { kind, phase, outcome } = deed
        steps.inc({ kind, phase, outcome })
        if (kind === 'step' || kind === 'observe') stepTimes.observe({ outcome }, secondsBetween(deed.from, deed.until))
        break
      }
      case 'worked':
        jobs.inc({ kind: deed.kind, outcome: deed.outcome })
        if (deed.waitedMs !== undefined) jobWaits.observe({ kind: deed.kind }, deed.waitedMs / 1000)
        break
      case 'sent': {
        const { surface } = deed
        sends.inc({ surface, outcome: deed.ok ? 'sent' : 'failed' })
        if (!deed.ok) break
        sendTimes.observe({ surface }, secondsBetween(deed.from, deed.until))
        const at = deed.first && deed.requestId ? received.take(deed.requestId) : undefined
        if (at) firstCard.observe({ surface }, secondsBetween(at, deed.until))
        break
      }
      case 'gave-up':
        givenUp.inc({ surface: deed.surface })
        break
      case 'clicked':
        clicks.inc({ surface: deed.surface, verb: deed.verb, result: deed.result })
        break
      case 'asked-model': {
        const { model, purpose, ok, inputTokens, outputTokens, costUsd, tookMs } = deed
        calls.inc({ model, purpose, outcome: ok ? 'answered' : 'failed' })
        tokens.inc({ model, direction: 'input' }, inputTokens)
        tokens.inc({ model, direction: 'output' }, outputTokens)
        if (costUsd !== undefined) dollars.inc({ model }, costUsd)
        modelTimes.observe({ model }, tookMs / 1000)
        break
      }
      case 'circuit':
        circuits.set({ service: deed.service }, deed.state === 'closed' ? 0 : 1)
        opened.inc({ service: deed.service }, deed.state === 'open' ? 1 : 0)
        break
      case 'planned':
      case 'gated':
      case 'ran':
        break
    }
  }
  return {
    tell: count,
    expect: (skills) => beginAtZero(transitions, { state: OPERATION_STATES, skill: skills }),
  }
}

/** Bounded: another process may show the card, and then nobody takes it out. */
const RECEIVED_KEPT = 10_000

function createReceived() {
  const times = new Map<RequestId, Date>()
  return {
    note(id: RequestId, at: Date): void {
      const [oldest] = times.keys()
      if (times.size >= RECEIVED_KEPT && oldest) times.delete(oldest)
      times.set(id, at)
    },
    take(id: RequestId): Date | undefined {
      const at = times.get(id)
      times.delete(id)
      return at
    },
  }
}
