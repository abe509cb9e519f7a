import type { Card } from '../../core/card.ts'
import { type OperationId, type PersonId, parseOperationId } from '../../core/ids.ts'

/** A plan in this thread that waits for somebody. */
export interface WaitingPlan {
  readonly operationId: OperationId
  readonly summary: string
  readonly state: 'planned' | 'awaiting_approval'
  /** Who asked for it. */
  readonly by: PersonId
  readonly mine: boolean
}

const YES_WORD =
  'yes|yep|yeah|yup|y|ok|okay|k|sure|go|go ahead|go for it|go on|do it|do that|please do|run it|ship it|send it|start it|confirm|confirmed|i confirm|approve|approved|approve it|i approve|lgtm|looks good|proceed|make it so|👍|:\\+1:|\\+1|ja|oui|sí|si|vale|はい'
const MORE = 'please|pls|thanks|thank you|now|then'
const YES = new RegExp(`^(?:${YES_WORD})(?:[,.! ]+(?:${YES_WORD}|${MORE}))*[.! ]*$`, 'iu')
const NO =
  /^(?:no|nope|nah|n|stop|stop it|cancel|cancel it|cancel that|abort|never ?mind|forget it|drop it|don't|do not|leave it|reject|rejected|👎)(?:[,.! ]+(?:please|thanks|thank you|it|that))*[.! ]*$/iu

const DECIDES =
  /^(?:please |i )?(?:approve|approved|confirm|accept|reject|decline|deny|review)\b[^"]*?\b(op-[0-9a-z]{8})\b/iu

export const saysYes = (cleaned: string): boolean => YES.test(cleaned)
export const saysNo = (cleaned: string): boolean => NO.test(cleaned)

/** The operation that words would decide, by its id; undefined when they name none. */
export const decidedIn = (cleaned: string): OperationId | undefined =>
  parseOperationId(DECIDES.exec(cleaned)?.[1] ?? '') ?? undefined

const DECIDED_BY_CLICK =
  'A click is bound to its person and to exactly the plan on the card, so a typed yes is not counted.'

/** For a decision on an operation whose card may be anywhere. */
export function itsButtonsCard(operationId: OperationId): Card {
  const text = `explain ${operationId}`
  return {
    kind: 'notice',
    tone: 'neutral',
    title: 'A click decides, not a word',
    blocks: [
      {
        type: 'text',
        text: [{ bold: operationId }, ' is decided by the buttons on its card. Its story shows that here, too:'],
      },
    ],
    actions: [{ verb: 'say', label: `Show ${operationId}`, style: 'primary', payload: { text } }],
    footer: DECIDED_BY_CLICK,
  }
}

/** For a yes where no plan waits. */
export function nothingWaitsCard(): Card {
  return {
    kind: 'notice',
    tone: 'neutral',
    title: 'Nothing waits for a yes in this conversation',
    blocks: [{ type: 'text', text: 'What waits for you elsewhere is under "approvals", each with its card.' }],
    actions: [{ verb: 'say', label: 'approvals', style: 'plain', payload: { text: 'approvals' } }],
  }
}

/** Where the button is. A typed yes decides nothing: the click is what is bound to its person and to exactly that plan. */
export function consentCard(waiting: WaitingPlan, says: 'yes' | 'no', nameOf: (id: PersonId) => string): Card {
  const { operationId, summary, state, mine } = waiting
  const by = nameOf(waiting.by)
  const card = { kind: 'notice', tone: 'neutral' } as const
  const plan = [{ bold: summary }, ` (${operationId})`] as const
  if (says === 'no')
    return {
      ...card,
      title: 'It still waits; nothing was changed',
      blocks: [{ type: 'text', text: [...plan, ' is ended by the button on its card, or here:'] }],
      actions: mine
        ? [{ verb: 'say', label: `cancel ${operationId}`, style: 'plain', payload: { text: `cancel ${operationId}` } }]
        : [],
    }
  const where =
    state === 'planned'
      ? mine
        ? ' starts with a click on "Go ahead" on its card above.'
        : ` waits for ${by}, who asked for it, to click "Go ahead" on its card above.`
      : mine
        ? ' waits for somebody else\'s click on "Approve"; nobody approves their own request.'
        : ` was asked for by ${by} and waits for a click on "Approve" on its card above.`
  return {
    ...card,
    title: 'A click decides, not a word',
    blocks: [{ type: 'text', text: [...plan, where] }],
    footer: DECIDED_BY_CLICK,
  }
}
