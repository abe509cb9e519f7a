import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { actionFrom, actionIn, BUTTONS_MAX } from '../../../../bot/slack/render/action.ts'
import { type RenderContext, renderCard } from '../../../../bot/slack/render/card.ts'
import { formModal } from '../../../../bot/slack/render/modals.ts'
import type { DeliveryId } from '../../../../core/ids.ts'
import { anyCard } from './any-card.ts'
import { Message, Modal } from './block-kit.ts'
import { faultsInBlocks, faultsInText, KNOWN_USER } from './what-lives.ts'

const context = (rich: boolean): RenderContext => ({
  deliveryId: 'dl-0123456789ab' as DeliveryId,
  mention: (person) => (person === 'known' ? KNOWN_USER : undefined),
  rich,
  planHash: 'ab'.repeat(32),
})

/** A failing card is made smaller for half a minute at most: what is left then is small enough to read. */
const RUNS = { numRuns: 150, interruptAfterTimeLimit: 30_000, markInterruptAsFailure: false }

describe('whatever a card holds', () => {
  test('its message is one that Slack takes, and nothing in it comes alive', () => {
    fc.assert(
      fc.property(anyCard, fc.boolean(), (card, rich) => {
        const { text, blocks } = renderCard(card, context(rich))
        expect(Message.safeParse({ text, blocks }).error?.issues).toBeUndefined()
        expect([
          ...faultsInBlocks(blocks, Math.min(BUTTONS_MAX, card.actions?.length ?? 0)),
          ...faultsInText(text),
        ]).toEqual([])
      }),
      RUNS,
    )
  })

  test('every button says on its way back what it said on its way out', () => {
    fc.assert(
      fc.property(anyCard, (card) => {
        const buttons = renderCard(card, context(false)).blocks.flatMap((block) =>
          block.type === 'actions' ? block.elements : [],
        )
        for (const [at, button] of buttons.entries()) {
          const value = 'value' in button ? button.value : undefined
          const click = actionFrom({ action_id: button.action_id, value })
          expect(click).toMatchObject({ deliveryId: 'dl-0123456789ab', verb: card.actions?.[at]?.verb })
          if (!click) continue
          const found = actionIn(card, click)
          expect(found?.payload ?? {}).toEqual(card.actions?.[at]?.payload ?? {})
          if (click.payload) expect(click.payload).toEqual(card.actions?.[at]?.payload ?? {})
        }
      }),
      RUNS,
    )
  })

  test('its form is a dialog that Slack opens', () => {
    fc.assert(
      fc.property(anyCard, (card) => {
        const view = formModal(card, context(false))
        if (!view) return
        expect(Modal.safeParse(view).error?.issues).toBeUndefined()
        expect(faultsInBlocks(view.blocks, 0)).toEqual([])
      }),
      RUNS,
    )
  })
})
