import { DeniedError, UserError } from '../core/errors.ts'
import type { Account } from '../core/person.ts'
import type { CodeDesk } from '../core/ports/desk.ts'
import type { ClickReply } from '../core/ports/surface.ts'
import type { Outcome } from '../core/skill.ts'
import { appendAudit } from '../db/audit.ts'
import { issueCode } from '../db/codes.ts'
import type { Transaction } from '../db/database.ts'
import type { StoredOperation } from '../db/operation-records.ts'
import { type CardClick, underLock } from './access.ts'
import { changeSkill, type House } from './deps.ts'
import type { Scene } from './scene.ts'
import { type OutboxRow, transition } from './transition.ts'

/**
 * Shows the requester, and nobody else, what is for their eyes only. It goes into the reply to their click and nowhere else: not into
 * the card, the ledger, the audit or a log.
 */
export async function reveal(house: House, at: CardClick): Promise<ClickReply> {
  const { person, scene, click } = at
  return underLock(house, at, async (tx, operation) => {
    if (person.id !== operation.personId) {
      const says = `This is for ${scene.nameOf(operation.personId)} alone, who asked for it.`
      throw new DeniedError(says, { rule: 'for the requester only' })
    }
    const skill = changeSkill(house, operation.skill)
    const until = new Date(operation.outcome?.reveal?.until ?? 0)
    if (!skill?.reveal || until <= scene.now)
      throw new UserError('The time for this is over. Ask again if it is still needed.')
    const says = await skill.reveal(operation.plan, codeDesk(tx, at, until))
    const { id: operationId, requestId } = operation
    const told = `${operation.plan.summary}: ${person.name} was shown what is for them alone.`
    const data = { click: click.key }
    await appendAudit(tx, [
      { actor: person.id, kind: 'operation.revealed', operationId, requestId, says: told, data, at: scene.now },
    ])
    return { ok: true, says }
  })
}

function codeDesk(tx: Transaction, { person, scene }: CardClick, expiresAt: Date): CodeDesk {
  return {
    linkCode(account) {
      const holder = [...scene.people.values()].find((one) => one.accounts.some((held) => isSame(held, account)))
      if (holder) throw new UserError(`${account.surface}:${account.id} is linked to ${holder.name} already.`)
      return issueCode(tx, { purpose: 'link', personId: person.id, account, now: scene.now, expiresAt })
    },
  }
}

const isSame = (one: Account, other: Account) => one.surface === other.surface && one.id === other.id

/** Wakes somebody to take the button away when its time is over. */
export const hidesLater = ({ reveal }: Outcome): readonly OutboxRow[] =>
  reveal ? [{ kind: 'expire', dueAt: new Date(reveal.until), payload: { reveal: 'over' } }] : []

/** Takes the button off the card: what it showed was used, or its time is over. */
export async function hide(
  house: House,
  tx: Transaction,
  scene: Scene,
  operation: StoredOperation,
  used: boolean,
): Promise<void> {
  const { outcome } = operation
  if (!outcome?.reveal || (!used && new Date(outcome.reveal.until) > scene.now)) return
  const { reveal: _, ...rest } = outcome
  const text = used ? 'It was used.' : 'It was not used in time. Ask again if it is still needed.'
  await transition(house, tx, scene, operation, {
    patch: { says: text, outcome: { ...rest, evidence: [] } },
    told: [],
  })
}
