import type { FileRef } from '../../../core/card.ts'
import type { PersonId } from '../../../core/ids.ts'
import type { OutgoingMessage } from '../../../core/ports/surface.ts'
import type { renderCard } from '../render/card.ts'
import type { KnownBlock } from '../render/kit.ts'
import { codeOf } from '../web-client.ts'

/** Slack rolls new blocks out workspace by workspace: one that refused them is asked again after this. */
const PLAIN_FOR_MS = 60 * 60_000

interface Drawn {
  readonly text: string
  /** Absent: the text alone. */
  readonly blocks: KnownBlock[] | undefined
}

/** Draws a card as well as a workspace lets us, and hands it to `show`; tries plainer ways when Slack does not take the blocks. */
export type Draw = <Result>(
  team: string,
  message: OutgoingMessage,
  show: (drawn: Drawn) => Promise<Result>,
) => Promise<{ readonly result: Result; readonly files: readonly FileRef[] }>

export function createDrawing(options: {
  readonly render: typeof renderCard
  readonly userIn: (team: string, person: PersonId) => string | undefined
}): Draw {
  const plainUntil = new Map<string, number>()
  return async (team, message, show) => {
    const context = { deliveryId: message.deliveryId, mention: (person: PersonId) => options.userIn(team, person) }
    const mayBeRich = (plainUntil.get(team) ?? 0) <= performance.now()
    let refusal: unknown
    for (const way of mayBeRich ? (['rich', 'plain', 'text'] as const) : (['plain', 'text'] as const)) {
      const { text, blocks, files } = options.render(message.card, { ...context, rich: way === 'rich' })
      try {
        const result = await show({ text, blocks: way === 'text' ? undefined : blocks })
        if (refusal !== undefined && way === 'plain') plainUntil.set(team, performance.now() + PLAIN_FOR_MS)
        return { result, files }
      } catch (error) {
        if (!/^(?:invalid_blocks|invalid_blocks_format|msg_blocks_too_long)$/.test(codeOf(error) ?? '')) throw error
        refusal = error
      }
    }
    throw refusal
  }
}
