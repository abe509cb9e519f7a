import type { Person } from '../../core/person.ts'
import type { Plan } from '../../core/plan.ts'
import type { ChangeSkill, CompensateReason, Outcome } from '../../core/skill.ts'
import { changeSkill } from '../deps.ts'
import { partsRunner } from '../several/run-parts.ts'
import { idsOf } from '../tell.ts'
import { notTheSame, runContext } from './context.ts'
import { mayTryAgain, sayFailure } from './failures.ts'
import { ProgressWriter } from './progress.ts'
import type { Session, Stop } from './session.ts'

type Runner = Pick<ChangeSkill, 'run' | 'compensate'>

/** How a phase came to its end. */
export type PhaseEnd =
  | { readonly kind: 'outcome'; readonly outcome: Outcome }
  | { readonly kind: 'stop'; readonly stop: Stop }

/** The code that an operation was begun with; undefined when this release no longer has it. */
export function runnerOf(session: Session): Runner | undefined {
  const { house, operation, ledger } = session
  const { plan } = operation
  const byVersion = ({ skill: name, skillVersion }: Pick<Plan, 'skill' | 'skillVersion'>): Runner | undefined => {
    const skill = changeSkill(house, name)
    return (skill?.version ?? 1) === skillVersion ? skill : skill?.older?.[skillVersion]
  }
  if (!plan.parts) return byVersion(operation)
  const explain = (error: unknown) => {
    if (mayTryAgain(error)) throw error
    return sayFailure(error, house.log, { ...idsOf(operation) })
  }
  return partsRunner(plan.parts, { runnerOf: byVersion, ledger, explain })
}

/** Runs a phase from its top; finished acts come from the ledger. With `resolveOnly`, begun steps are looked after and none begins. */
export async function runPhase(
  session: Session,
  runner: Runner,
  { why, resolveOnly = false }: { readonly why?: CompensateReason; readonly resolveOnly?: boolean } = {},
): Promise<PhaseEnd> {
  const { operation, ledger } = session
  const person = requester(session)
  session.enter(why ? 'compensate' : 'run')
  session.resolveOnly = resolveOnly
  ledger.rewind(session.phase)
  const live = new ProgressWriter(session)
  const context = runContext(session, person, live)
  const work = async (): Promise<Outcome> => {
    if (!why) return runner.run(operation.plan, context)
    if (!runner.compensate) throw new Error(`${operation.skill} has nothing that puts it back`)
    return runner.compensate(operation.plan, context, why)
  }
  const stopped = session.stopped.then((stop): PhaseEnd => ({ kind: 'stop', stop }))
  const worked = work().then(
    (outcome): PhaseEnd => ({ kind: 'outcome', outcome }),
    (error): PhaseEnd => failure(session, error),
  )
  // A claim that was lost before the phase began shows here, too.
  const early = session.stopReason
  const end = await (early ? stopped : Promise.race([worked, stopped]))
  if (end.kind === 'stop' && (end.stop.kind === 'fenced' || end.stop.kind === 'broken')) {
    session.close()
    return end
  }
  await session.idle()
  await live.close()
  // A stop that came while the last act ended still counts; and what is recorded must all have been come by.
  if (end.kind === 'outcome' && session.stopReason && session.stopReason.kind !== 'cancelled')
    return { kind: 'stop', stop: session.stopReason }
  const forgotten = end.kind === 'outcome' ? ledger.forgotten(session.phase) : undefined
  if (!forgotten) return end
  return { kind: 'stop', stop: notTheSame(`it recorded ${forgotten.kind} "${forgotten.name}" and now ends without it`) }
}

function failure(session: Session, error: unknown): PhaseEnd {
  if (mayTryAgain(error)) return { kind: 'stop', stop: { kind: 'retry', error } }
  const says = sayFailure(error, session.house.log, { ...idsOf(session.operation) })
  return { kind: 'outcome', outcome: { ok: false, says } }
}

function requester({ scene, operation }: Session): Person {
  const person = scene.people.get(operation.personId)
  if (person) return person
  // Forgotten while their operation runs: it is finished in their name, with none of their rights.
  const { personId: id } = operation
  return { id, name: id, timezone: 'utc', accounts: [], grants: [], active: false }
}
