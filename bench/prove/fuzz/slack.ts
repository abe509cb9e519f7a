import { BUTTONS_MAX } from '../../../bot/slack/render/action.ts'
import { renderCard } from '../../../bot/slack/render/card.ts'
import { formModal, reasonModal } from '../../../bot/slack/render/modals.ts'
import { progressOf } from '../../../bot/slack/render/progress.ts'
import type { Card } from '../../../core/card.ts'
import type { DeliveryId } from '../../../core/ids.ts'
import { Message, Modal } from '../../../test/bot/slack/render/block-kit.ts'
import { faultsInProgress } from '../../../test/bot/slack/render/stream-chunks.ts'
import { faultsInBlocks, faultsInText } from '../../../test/bot/slack/render/what-lives.ts'

const PLAN_HASH = 'ab'.repeat(32)

/** What is wrong with a card as Slack gets it: its message with every block and with plain ones, its steps, and the dialogs it opens. */
export function faultsInSlack(card: Card): string[] {
  const buttons = Math.min(BUTTONS_MAX, card.actions?.length ?? 0)
  const faults: string[] = []
  for (const rich of [true, false]) {
    // Hostile people have no account here, whatever they are called.
    const ctx = { deliveryId: 'dl-fuzz' as DeliveryId, mention: () => undefined, rich, planHash: PLAN_HASH }
    const { text, blocks } = renderCard(card, ctx)
    faults.push(
      ...refusals(Message.safeParse({ text, blocks })),
      ...faultsInBlocks(blocks, buttons),
      ...faultsInText(text),
    )
    const form = formModal(card, ctx)
    const asks = (card.actions ?? []).flatMap(({ label, reason }) =>
      reason ? [reasonModal({ label, question: reason, confirm: reason, danger: true }, '{}')] : [],
    )
    for (const view of [...(form ? [form] : []), ...asks])
      faults.push(...refusals(Modal.safeParse(view)), ...faultsInBlocks(view.blocks, 0))
  }
  const progress = progressOf({ ...card, kind: 'progress' })
  if (progress) faults.push(...faultsInProgress(progress))
  return faults.map((fault) => `slack: ${fault}`)
}

const refusals = ({ error }: ReturnType<typeof Message.safeParse> | ReturnType<typeof Modal.safeParse>): string[] =>
  error?.issues.map(({ message, path }) => `it would be refused: ${message} at ${path.join('/')}`) ?? []
