import type { Card } from '../core/card.ts'
import { DeniedError, UserError } from '../core/errors.ts'
import type { PersonId } from '../core/ids.ts'
import type { ClickReply } from '../core/ports/surface.ts'
import type { Transaction } from '../db/database.ts'
import { closeNotices } from '../db/deliveries.ts'
import type { BreakGlassRecord, StoredOperation } from '../db/operation-records.ts'
import { addOutbox } from '../db/outbox.ts'
import { type CardClick, underLock } from './access.ts'
import { clock } from './cards/view.ts'
import type { House } from './deps.ts'
import { sayTime } from './gate/denials.ts'
import { holdsForAll } from './gate/rights.ts'
import { sayTargets } from './gate/scope.ts'
import { putNotice } from './notices.ts'
import type { Scene } from './scene.ts'
import { transition } from './transition.ts'

/** The reviewer is asked this often; after that the audit has to be enough. */
export const REVIEW_REMINDERS = 10

/** Loud: a card of its own in the operation's thread, and a date for the reviewer. */
export async function announceBreakGlass(
  house: House,
  tx: Transaction,
  scene: Scene,
  operation: StoredOperation,
  glass: BreakGlassRecord,
): Promise<void> {
  const rule = house.policy.breakGlass
  if (!rule) return
  await putNotice(house, tx, scene, operation, 'break-glass', {
    kind: 'notice',
    tone: 'bad',
    title: `Break-glass: ${operation.plan.summary}`,
    blocks: [
      {
        type: 'note',
        tone: 'bad',
        text: [{ person: glass.by, name: scene.nameOf(glass.by) }, ` goes without a second person: ${glass.reason}`],
      },
      {
        type: 'facts',
        facts: [
          { label: 'Touches', value: sayTargets(operation.plan) },
          { label: 'Counts until', value: [clock(glass.until)] },
          { label: 'Reviewed by', value: scene.nameOf(reviewer(house)) },
        ],
      },
    ],
    actions: [{ verb: 'review', label: 'Mark as reviewed', style: 'plain' }],
    operationId: operation.id,
  })
  const dueAt = new Date(scene.now.getTime() + rule.reviewWithinMs)
  await addOutbox(tx, [{ kind: 'review', operationId: operation.id, payload: { reminder: 1 }, dueAt }])
}

/** The person the policy names; an id of the configuration. */
const reviewer = (house: House) => (house.policy.breakGlass?.reviewer ?? '') as PersonId

/** The click that ends a break-glass: somebody other than who broke it has looked at what was done. */
export async function reviewed(house: House, at: CardClick): Promise<ClickReply> {
  const { person, scene, click } = at
  return underLock(house, at, async (tx, operation) => {
    const { breakGlass } = operation
    if (!breakGlass) throw new UserError('Nobody broke the glass here, so there is nothing to review.')
    if (breakGlass.reviewed) {
      const { by, at: when } = breakGlass.reviewed
      return { ok: false, says: `${scene.nameOf(by)} reviewed this at ${sayTime(new Date(when))}.` }
    }
    if (person.id === breakGlass.by)
      throw new DeniedError('Who broke the glass cannot review it.', { rule: 'no self-review' })
    if (person.id !== reviewer(house) && !holdsForAll(person, ['admin'], operation.plan)) {
      const who = scene.nameOf(reviewer(house))
      throw new DeniedError(`${who} reviews this, or an admin.`, { rule: 'breakGlass.reviewer', grantedBy: [who] })
    }
    const note = click.reason?.trim() || undefined
    const record = { ...breakGlass, reviewed: { by: person.id, at: scene.now.toISOString(), note } }
    const says = `${person.name} reviewed the break-glass of ${scene.nameOf(breakGlass.by)}${note ? `: ${note}` : '.'}`
    const card: Card = {
      kind: 'notice',
      tone: 'neutral',
      title: `Break-glass, reviewed: ${operation.plan.summary}`,
      blocks: [{ type: 'text', text: says }],
      operationId: operation.id,
    }
    const asked = Array.from({ length: REVIEW_REMINDERS }, (_, index) => reviewOf(index + 1))
    await closeNotices(tx, { operationId: operation.id, about: ['break-glass', ...asked], card, now: scene.now })
    await transition(house, tx, scene, operation, {
      patch: { breakGlass: record },
      told: [{ actor: person.id, kind: 'operation.reviewed', says, data: { click: click.key } }],
    })
    return { ok: true, says: 'Thank you. The review is written down.' }
  })
}

/** A message of its own each time, because an edit of the last one would remind nobody. */
const reviewOf = (reminder: number) => (reminder > 1 ? `review-${reminder}` : 'review')

/** Asks the reviewer again, until somebody has reviewed it. */
export async function remindReviewer(
  house: House,
  tx: Transaction,
  scene: Scene,
  operation: StoredOperation,
  reminder: number,
): Promise<void> {
  const { breakGlass } = operation
  const rule = house.policy.breakGlass
  if (!breakGlass || breakGlass.reviewed || !rule) return
  const id = reviewer(house)
  await putNotice(house, tx, scene, operation, reviewOf(reminder), {
    kind: 'notice',
    tone: 'warn',
    title: `Review is due: ${operation.plan.summary}`,
    blocks: [
      {
        type: 'text',
        text: [
          { person: id, name: scene.nameOf(id) },
          `, please look at what ${scene.nameOf(breakGlass.by)} did without a second person: ${breakGlass.reason}`,
        ],
      },
    ],
    actions: [{ verb: 'review', label: 'Mark as reviewed', style: 'primary' }],
    operationId: operation.id,
  })
  if (reminder >= REVIEW_REMINDERS) return
  const dueAt = new Date(scene.now.getTime() + rule.reviewWithinMs)
  await addOutbox(tx, [{ kind: 'review', operationId: operation.id, payload: { reminder: reminder + 1 }, dueAt }])
}
