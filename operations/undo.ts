import { UserError } from '../core/errors.ts'
import { newRequestId } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import type { ClickReply } from '../core/ports/surface.ts'
import { isTerminal, STATE_WORDS } from '../core/states.ts'
import { operationById } from '../db/operations.ts'
import { insertRequest } from '../db/requests.ts'
import type { CardClick } from './access.ts'
import { undoOf } from './cards/view.ts'
import type { House } from './deps.ts'
import { type Proposed, propose } from './propose.ts'

/**
 * The click on Undo: a new operation through the same gate, in the name of whoever clicked. The button dies with it (and lives again
 * when that operation ends without having taken anything back). Throws what propose throws.
 */
export async function undoByClick(
  house: House,
  { operationId, person, account, click, scene }: CardClick,
): Promise<ClickReply & { readonly proposed: Proposed }> {
  const original = await operationById(house.store.db, operationId)
  if (!original) throw new UserError(`There is no operation ${operationId}.`)
  if (!isTerminal(original.state))
    throw new UserError(`${operationId} is ${STATE_WORDS[original.state]}, so there is nothing to undo.`)
  const undo = undoOf(original)
  if ('impossible' in undo) throw new UserError(undo.impossible)
  const requestId = newRequestId()
  const said = `undo ${operationId}`
  // Button-made, so nothing was interpreted: it stands like a command.
  const proposal = {
    requestId,
    threadId: original.threadId,
    personId: person.id,
    said,
    skill: undo.skill,
    input: undo.input as JsonObject, // stored as JSON
    by: 'form',
    confidence: 1,
    dryRun: false,
    undoes: operationId,
  } as const
  const proposed = await propose(house, proposal, async (tx) => {
    const { request, isNew } = await insertRequest(tx, {
      id: requestId,
      surface: account.surface,
      threadId: original.threadId,
      personId: person.id,
      text: said,
      key: `click:${click.key}`,
      receivedAt: scene.now,
    })
    if (!isNew)
      throw new UserError(
        request.operationId ? `${request.operationId} already undoes this.` : 'This click was already counted.',
      )
  })
  // A request that a button made has its card by now, as one that was said has.
  const took = { from: scene.now, until: house.clock() }
  house.telemetry.tell({ what: 'answered', requestId, surface: account.surface, outcome: 'proposed', ...took })
  return { ok: true, says: `${proposed.operationId}: ${STATE_WORDS[proposed.state]}.`, proposed }
}
