import { DeniedError, UserError } from '../core/errors.ts'
import type { ClickReply } from '../core/ports/surface.ts'
import type { StoredOperation } from '../db/operation-records.ts'
import { answerDecision, stepsOf } from '../db/steps.ts'
import { type CardClick, requireRole, underLock } from './access.ts'
import { openDecision } from './cards/decision.ts'
import { deadButton } from './dead-button.ts'
import type { House } from './deps.ts'
import { transition } from './transition.ts'

/** A run that is over, or that a person has to look at, asks nothing any more, whatever its ledger says. */
const isAsking = ({ state, cancelAt }: StoredOperation) => !cancelAt && (state === 'running' || state === 'waiting')

/**
 * A choice in the middle of a run; the first one counts. It takes the role that the run asks for; where that is the approver's, the
 * requester cannot be the one, as with the plan itself.
 */
export async function decideInRun(house: House, at: CardClick): Promise<ClickReply> {
  const { person, scene, click } = at
  return underLock(house, at, async (tx, operation) => {
    const steps = await stepsOf(tx, operation.id)
    const open = openDecision(steps)
    if (!open || open.name !== click.payload.decision || !isAsking(operation)) {
      const made = steps.find((step) => step.kind === 'decide' && step.name === click.payload.decision)
      const by =
        typeof made?.result === 'object' && made.result && 'by' in made.result ? String(made.result.by) : undefined
      return by ? { ok: false, says: `${by} already decided this.` } : deadButton(tx, scene, operation)
    }
    const choice = open.choices.find((candidate) => candidate.value === click.payload.choice)
    if (!choice) throw new UserError('That is not one of the choices. Use the buttons on the card.')
    requireRole(at, operation, [open.role], 'Deciding this')
    if (open.role === 'approver' && person.id === operation.personId) {
      throw new DeniedError('Nobody approves their own request. Somebody else has to decide.', {
        rule: 'no self-approval',
      })
    }
    const key = { operationId: operation.id, phase: open.phase, name: open.name }
    await answerDecision(tx, key, {
      result: { choice: choice.value, by: person.name, person: person.id },
      at: scene.now,
    })
    const says = `${person.name} decided: ${choice.label}.`
    await transition(house, tx, scene, operation, {
      patch: { wakeAt: await house.storeClock(tx) },
      told: [
        {
          actor: person.id,
          kind: 'operation.decided',
          says: `${open.says} ${says}`,
          data: { click: click.key, ...key },
        },
      ],
      outbox: [{ kind: 'advance', dueAt: scene.now }],
    })
    return { ok: true, says }
  })
}
