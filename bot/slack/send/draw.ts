import type { FileRef } from '../../../core/card.ts'
import type { PersonId } from '../../../core/ids.ts'
import type { OutgoingMessage } from '../../../core/ports/surface.ts'
import type { renderCard } from '../render/card.ts'
import type { KnownBlock } from '../render/kit.ts'
import { areBlocksRefused } from '../web-client.ts'

/** Slack rolls new blocks out workspace by workspace: one that refused them is asked again after this. */
const PLAIN_FOR_MS = 60 * 60_000

interface Drawn {
  readonly text: string
  /** Absent: the text alone. */
  readonly blocks: KnownBlock[] | undefined
}

export interface Drawing {
  /** Draws a card as well as a workspace lets us, and hands it to `show`; tries plainer ways when Slack does not take the blocks. */
  draw<Result>(
    team: string,
    message: OutgoingMessage,
    show: (drawn: Drawn) => Promise<Result>,
  ): Promise<{ readonly result: Result; readonly files: readonly FileRef[] }>
  /** What a card leaves out there, as it would be drawn now. */
  filesOf(team: string, message: OutgoingMessage): readonly FileRef[]
}

export function createDrawing(options: {
  readonly render: typeof renderCard
  readonly userIn: (team: string, person: PersonId) => string | undefined
}): Drawing {
  const plainUntil = new Map<string, number>()
  const mayBeRich = (team: string) => (plainUntil.get(team) ?? 0) <= performance.now()
  const rendered = (team: string, { deliveryId, card }: OutgoingMessage, rich: boolean) =>
    options.render(card, { deliveryId, mention: (person) => options.userIn(team, person), rich })
  return {
    filesOf: (team, message) => rendered(team, message, mayBeRich(team)).files,
    async draw(team, message, show) {
      let refusal: unknown
      for (const way of mayBeRich(team) ? (['rich', 'plain', 'text'] as const) : (['plain', 'text'] as const)) {
        const { text, blocks, files } = rendered(team, message, way === 'rich')
        try {
          const result = await show({ text, blocks: way === 'text' ? undefined : blocks })
          if (refusal !== undefined && way === 'plain') plainUntil.set(team, performance.now() + PLAIN_FOR_MS)
          return { result, files }
        } catch (error) {
          if (!areBlocksRefused(error)) throw error
          refusal = error
        }
      }
      throw refusal
    },
  }
}
