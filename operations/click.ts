import type { Click } from '../core/card.ts'
import { DeniedError, FencedError, UpstreamError, UserError } from '../core/errors.ts'
import type { OperationId, PersonId } from '../core/ids.ts'
import { randomCode } from '../core/ids.ts'
import type { Account } from '../core/person.ts'
import { SETTLE_OUTCOMES } from '../core/ports/desk.ts'
import type { ClickReply } from '../core/ports/surface.ts'
import { isTerminal } from '../core/states.ts'
import { deliveryById } from '../db/deliveries.ts'
import { type CardClick, requireRole, requireStake, underLock } from './access.ts'
import { sayYes } from './approve.ts'
import { reviewed } from './break-glass.ts'
import { cancelOperation, hurry } from './cancel.ts'
import { deadButton } from './dead-button.ts'
import { decideInRun } from './decide.ts'
import { changeSkill, type House } from './deps.ts'
import { reject } from './reject.ts'
import { reveal } from './reveal.ts'
import { activePerson, type Scene, withPeople } from './scene.ts'
import { settleOperation } from './settle.ts'
import { undoByClick } from './undo.ts'

export interface PersonClick {
  readonly personId: PersonId
  readonly account: Account
  readonly click: Click
}

/** The reply, and the operation that should now be run in this process. */
export interface Clicked extends ClickReply {
  readonly runInline?: OperationId
}

/**
 * A click on an operation's card. Never throws for what people do: a refusal is a reply. Rights are read from the store, not from
 * memory, because a yes must not rest on what was true a second ago.
 */
export async function click(house: House, clicked: PersonClick): Promise<Clicked> {
  try {
    const act = async (scene: Scene) => dispatch(house, await situate(house, scene, clicked))
    return await withPeople(house, act, { fresh: true })
  } catch (error) {
    if (error instanceof UserError || error instanceof DeniedError) return { ok: false, says: error.message }
    if (error instanceof UpstreamError)
      return { ok: false, says: `${error.message} Your click was not counted; try again.` }
    if (error instanceof FencedError) throw error
    const bug = randomCode(6)
    const { deliveryId, verb } = clicked.click
    house.log.error({ bug, error, deliveryId, verb, person: clicked.personId }, 'a click failed on a bug')
    return {
      ok: false,
      says: `Something went wrong inside Quarterdeck (id ${bug}, in the log). Your click was not counted.`,
    }
  }
}

async function situate(house: House, scene: Scene, { personId, account, click }: PersonClick): Promise<CardClick> {
  const delivery = await deliveryById(house.store.db, click.deliveryId)
  if (!delivery?.operationId) throw new UserError('This card belongs to nothing any more.')
  if (delivery.onlyPerson && delivery.onlyPerson !== personId) throw new UserError('This card is for somebody else.')
  return { operationId: delivery.operationId, person: activePerson(scene, personId), account, click, scene }
}

async function dispatch(house: House, at: CardClick): Promise<Clicked> {
  const { verb } = at.click
  switch (verb) {
    case 'go':
    case 'approve':
    case 'break-glass': {
      const { ok, says, runInline } = await sayYes(house, at, verb)
      return { ok, says, runInline: runInline ? at.operationId : undefined }
    }
    case 'reject':
      return reject(house, at)
    case 'cancel':
      return cancel(house, at)
    case 'undo': {
      const { ok, says, proposed } = await undoByClick(house, at)
      return { ok, says, runInline: proposed.inline ? proposed.operationId : undefined }
    }
    case 'reveal':
      return reveal(house, at)
    case 'settle':
      return settle(house, at)
    case 'decide':
      return decideInRun(house, at)
    case 'review':
      return reviewed(house, at)
    case 'answer':
    case 'say':
      throw new Error(`a click that says "${verb}" belongs to the conversation`)
  }
}

/** Whoever asked, and whoever the cancel skill is for, on what the operation touches. */
async function cancel(house: House, at: CardClick): Promise<ClickReply> {
  const reply = await underLock(house, at, async (tx, operation) => {
    if (isTerminal(operation.state) || operation.state === 'cancelling') return deadButton(tx, at.scene, operation)
    requireStake(at, operation, changeSkill(house, 'cancel')?.allow ?? ['operator', 'approver', 'admin'], 'Cancelling')
    const { state } = await cancelOperation(house, tx, at.scene, operation.id, at.person.id)
    return { ok: true, says: state === 'cancelled' ? 'Cancelled; nothing was changed.' : 'It is being stopped.' }
  })
  if (reply.ok) hurry(house, at.operationId)
  return reply
}

async function settle(house: House, at: CardClick): Promise<ClickReply> {
  const outcome = SETTLE_OUTCOMES.find((candidate) => candidate === at.click.payload.outcome)
  if (!outcome) throw new UserError(`Say how it ended: ${SETTLE_OUTCOMES.join(', ')}.`)
  return underLock(house, at, async (tx, operation) => {
    requireRole(at, operation, changeSkill(house, 'settle')?.allow ?? ['operator', 'admin'], 'Settling')
    const reason = at.click.reason?.trim() || undefined
    await settleOperation(house, tx, at.scene, operation.id, { by: at.person.id, outcome, reason })
    return { ok: true, says: 'Thank you. It is written down.' }
  })
}
