import { FencedError, UserError } from '../../core/errors.ts'
import type { Json } from '../../core/json.ts'
import type { Person } from '../../core/person.ts'
import type { StepMark } from '../../core/ports/cluster.ts'
import type { Step as AnyStep, Probe, Readers, RunContext, Writers } from '../../core/skill.ts'
import type { StepKind, StoredStep } from '../../db/steps.ts'
import { deskWriter } from '../desk/writer.ts'
import { idsOf } from '../tell.ts'
import { mayTryAgain, recordedError, recordOf, wasRefused } from './failures.ts'
import type { ProgressWriter } from './progress.ts'
import type { Session } from './session.ts'

type Step = AnyStep<Json | undefined>

/** What a skill's run has in its hands, replayed from the ledger. */
export function runContext(session: Session, person: Person, live: ProgressWriter): RunContext {
  const { house, ledger } = session
  const read: Readers = { ...house.readers, desk: house.desk }
  const write: Writers = { ...house.writers, desk: deskWriter(house, session.operation) }
  const { phase } = session
  const progress = (says: string, fraction?: number) => live.say(says, fraction)

  /** What is recorded for this act; `undefined` when it is to be done now. Stops on everything that a replay must not go past. */
  async function enter(kind: StepKind, name: string): Promise<{ ordinal: number; row: StoredStep | undefined }> {
    if (session.stopReason) return session.stop(session.stopReason)
    const { ordinal, row, mismatch } = ledger.enter(phase, kind, name)
    if (mismatch) return session.stop(notTheSame(mismatch))
    if (row?.state === 'failed') throw recordedError(row)
    if (row?.state === 'unknown') return session.stop(unknownOf(row))
    if (!row && session.resolveOnly) return session.stop({ kind: 'cancelled' })
    return { ordinal, row }
  }

  async function begin(row: Parameters<typeof ledger.write>[1], from?: Date): Promise<void> {
    const written = await session.durable(() => ledger.write(phase, row), `${row.state}:${row.name}`)
    if (!written) await session.refused()
    if (row.state !== 'intent') tellStep(session, row.name, from)
  }

  async function finish(name: string, end: Parameters<typeof ledger.finish>[2]): Promise<void> {
    const written = await session.durable(() => ledger.finish(phase, name, end), `${end.state}:${name}`)
    if (!written) await session.refused()
    tellStep(session, name)
  }

  /** Ends a question; unless it was answered at the last moment: that answer was counted, so it stands. Returns it. */
  async function finishUnanswered(name: string, end: Parameters<typeof ledger.finish>[2]) {
    if (await session.durable(() => ledger.finish(phase, name, end), `${end.state}:${name}`)) return undefined
    return (await session.durable(() => ledger.answered(phase, name))) ?? session.refused()
  }

  async function perform(name: string, how: Step): Promise<Json | undefined> {
    let result: Json | undefined
    try {
      result = await how.do(write, markOf(session, name))
    } catch (error) {
      return failed(name, how, error)
    }
    await session.durable(async () => {}, `effect:${name}`)
    await finish(name, { state: 'done', result })
    return result
  }

  async function failed(name: string, how: Step, error: unknown): Promise<Json | undefined> {
    if (error instanceof FencedError) return session.stop({ kind: 'fenced' })
    if (mayTryAgain(error)) return session.stop({ kind: 'retry', error })
    if (wasRefused(error)) {
      await finish(name, { state: 'failed', ...recordOf(error) })
      throw error
    }
    // Nobody knows whether it happened before it failed, so the target is asked.
    const probe = await ask(name, how, 'for good')
    if (!('happened' in probe)) return settleUnknown(name, probe)
    if (!probe.happened) {
      await finish(name, { state: 'failed', ...recordOf(error) })
      throw error
    }
    house.log.warn({ ...idsOf(session.operation), step: name, error }, 'a step failed after its effect had happened')
    await finish(name, { state: 'done', result: probe.result })
    return probe.result
  }

  /** An intent without a result: somebody crashed in between. Never done again blindly. */
  async function resolve(name: string, how: Step): Promise<Json | undefined> {
    const probe = await ask(name, how, session.resolveOnly ? 'for good' : 'so far')
    if (!('happened' in probe)) return settleUnknown(name, probe)
    if (probe.happened) {
      await finish(name, { state: 'done', result: probe.result })
      return probe.result
    }
    if (!session.resolveOnly) return perform(name, how)
    await finish(name, { state: 'failed', ...recordOf(new UserError('It was cancelled before this happened.')) })
    return session.stop({ kind: 'cancelled' })
  }

  /** Whether it happened so far; `for good`: also that it will not any more where it has not, because nobody will do it again. */
  async function ask(name: string, how: Step, until: 'so far' | 'for good'): Promise<Probe<Json | undefined>> {
    try {
      if (until === 'for good') await how.callOff?.(write, markOf(session, name))
      return await how.probe(read)
    } catch (error) {
      if (mayTryAgain(error)) return session.stop({ kind: 'retry', error })
      house.log.error({ ...idsOf(session.operation), step: name, error }, 'the probe of a step failed')
      return { unknown: recordOf(error).error, check: `Look whether "${name}" happened.` }
    }
  }

  async function settleUnknown(
    name: string,
    probe: { readonly unknown: string; readonly check: string },
  ): Promise<never> {
    const detail = { unknown: probe.unknown, check: probe.check }
    await finish(name, { state: 'unknown', error: probe.unknown, detail })
    return session.stop({ kind: 'unknown', says: sayUnknown(name, probe.unknown), check: probe.check })
  }

  /** By the clock of those who are to wake us: by our own, which may be wrong, they would come too early again and again. */
  const storeNow = () => session.durable(() => house.storeClock(house.store.db))

  return {
    operation: session.operation.id,
    person,
    now: house.clock,
    time: storeNow,
    catalog: house.catalog(),
    progress,

    step<T extends Json | undefined>(name: string, how: AnyStep<T>): Promise<T> {
      return session.act(async () => {
        const { ordinal, row } = await enter('step', name)
        // A recorded result is what `do` of this very step returned, through JSON.
        if (row?.state === 'done') return row.result as T
        if (row) return (await resolve(name, how)) as T
        await begin({ name, ordinal, kind: 'step', state: 'intent' })
        return (await perform(name, how)) as T
      })
    },

    observe<T extends Json | undefined>(
      name: string,
      look: (read: Readers, watch: { signal: AbortSignal; progress: RunContext['progress'] }) => Promise<T>,
    ): Promise<T> {
      return session.act(async () => {
        const { ordinal, row } = await enter('observe', name)
        if (row) return row.result as T // as above
        const from = house.clock()
        let result: T
        try {
          result = await session.unlessStopped(look(read, { signal: session.signal, progress }))
        } catch (error) {
          if (session.stopReason) return session.stop(session.stopReason)
          if (mayTryAgain(error)) return session.stop({ kind: 'retry', error })
          await begin({ name, ordinal, kind: 'observe', state: 'intent' })
          await finish(name, { state: 'failed', ...recordOf(error) })
          throw error
        }
        await begin({ name, ordinal, kind: 'observe', state: 'done', result }, from)
        return result
      })
    },

    wait(name, until, early) {
      return session.act(async () => {
        const { ordinal, row } = await enter('wait', name)
        if (row?.state === 'done') return row.result === 'early' ? 'early' : 'due'
        if (!row) await begin({ name, ordinal, kind: 'wait', state: 'intent', detail: { until: until.toISOString() } })
        // A replay computes `until` anew; what was promised first holds.
        const end = row ? new Date(String(row.detail?.until)) : until
        const how = await waited(end, early)
        if (how instanceof Date) return session.stop({ kind: 'suspended', wakeAt: how })
        await finish(name, { state: 'done', result: how })
        return how
      })
    },

    decide(name, question) {
      return session.act(async () => {
        const { ordinal, row } = await enter('decide', name)
        if (row?.state === 'done') return decided(row)
        const { says, role } = question
        const choices = question.choices.map(({ value, label, style }) => ({ value, label, style }))
        const expiresAt = row ? row.detail?.expiresAt : question.expiresAt?.toISOString()
        const detail = { says, role, choices, expiresAt: expiresAt ?? null }
        if (!row) await begin({ name, ordinal, kind: 'decide', state: 'intent', detail })
        const end = typeof expiresAt === 'string' ? new Date(expiresAt) : undefined
        if (!end || end > (await storeNow())) return session.stop({ kind: 'suspended', wakeAt: end })
        const error = new UserError(`Nobody decided in time: ${says}`)
        const lapsed = { state: 'failed', error: error.message, detail: { ...detail, kind: 'user' } } as const
        const answer = await finishUnanswered(name, lapsed)
        if (answer) return decided(answer)
        throw error
      })
    },
  }

  async function waited(end: Date, early: Parameters<RunContext['wait']>[2]): Promise<'due' | 'early' | Date> {
    const now = await storeNow()
    if (end <= now) return 'due'
    if (!early) return end
    try {
      if (await early.when(read)) return 'early'
    } catch (error) {
      if (!mayTryAgain(error)) throw error
      // Only a question whether to end early: the next one may be answered.
    }
    return new Date(Math.min(end.getTime(), now.getTime() + early.everyMs))
  }
}

/** A run and its way back may have steps of one name: what was called off, or done, in one is not so in the other. */
const markOf = ({ operation, phase }: Session, name: string): StepMark => ({
  operation: operation.id,
  step: phase === 'run' ? name : `${name} (${phase})`,
})

function tellStep({ house, operation, ledger, phase }: Session, name: string, from?: Date): void {
  const row = ledger.rows.find((one) => one.phase === phase && one.name === name)
  if (!row?.finishedAt || row.state === 'intent') return
  const { id: operationId, requestId, skill, fence } = operation
  const took = { from: from ?? row.startedAt, until: row.finishedAt }
  const { kind, state: outcome } = row
  house.telemetry.tell({ what: 'step', requestId, operationId, skill, fence, phase, kind, name, outcome, ...took })
}

function decided(row: StoredStep): { choice: string; by: string } {
  const result = row.result
  if (typeof result !== 'object' || result === null || !('choice' in result))
    throw new Error('a decision has no choice')
  return { choice: String(result.choice), by: String(result.by) }
}

const sayUnknown = (name: string, unknown: string) => `It cannot be told whether "${name}" happened: ${unknown}`

function unknownOf(row: StoredStep) {
  const check = String(row.detail?.check ?? `Look whether "${row.name}" happened.`)
  return { kind: 'unknown', says: sayUnknown(row.name, row.error ?? 'not known'), check } as const
}

export function notTheSame(mismatch: string) {
  return {
    kind: 'unknown',
    says: `This run cannot be taken up again: ${mismatch}. The skill changed since it began, or does not run the same way twice.`,
    check: 'See below which steps are done.',
  } as const
}
