import { useId } from 'preact/hooks'
import type { CardItem } from '../api-types.ts'
import type { Action, Card, JsonObject } from '../card-types.ts'
import type { CardReply } from '../state/page.ts'
import { visibleLine } from '../visible-text.ts'
import { Actions } from './actions.tsx'
import { BlockView } from './blocks.tsx'
import { cardIcon, Icon } from './icons.tsx'
import { TextView, Time } from './text.tsx'

const KIND_WORDS: Record<Card['kind'], string> = {
  answer: 'Answer',
  question: 'Question',
  form: 'Form',
  plan: 'Plan',
  progress: 'Running',
  result: 'Result',
  notice: 'Notice',
  refusal: 'Not done',
}

export interface CardViewProps {
  readonly item: CardItem
  /** The label of the click under way on this card. */
  readonly clicking: string | undefined
  readonly reply: CardReply | undefined
  readonly onClick: (action: Action, extra: { reason?: string; values?: JsonObject }) => void
}

/** One live card. Everything in it is data from the server, and drawn as text. */
export function CardView({ item, clicking, reply, onClick }: CardViewProps) {
  const { card, deliveryId, personal } = item
  const titleId = useId()
  return (
    <article class={`card ${card.tone} kind-${card.kind}`} aria-labelledby={titleId} data-delivery={deliveryId}>
      <header class="card-head">
        <Icon name={cardIcon(card)} class={`card-icon ${card.tone === 'busy' ? 'turning' : ''}`} />
        <div class="card-titles">
          <h3 id={titleId} dir="auto">
            {visibleLine(card.title)}
          </h3>
          {card.subtitle !== undefined && (
            <p class="card-subtitle" dir="auto">
              <TextView text={card.subtitle} />
            </p>
          )}
        </div>
        <span class="card-kind">
          {personal && (
            <span class="only-you" title="Nobody else sees this card">
              <Icon name="lock" /> Only you
            </span>
          )}
          <span class="card-kind-word">{KIND_WORDS[card.kind]}</span>
          <Time iso={item.updatedAt} show="clock" />
        </span>
      </header>
      {card.blocks.some(({ type }) => type !== 'form') && (
        <div class="card-body">
          {card.blocks.map((block, index) => (
            <BlockView key={index} block={block} deliveryId={deliveryId} index={index} />
          ))}
        </div>
      )}
      <Actions item={item} clicking={clicking} onClick={onClick} />
      {reply && (
        <p class={`reply ${reply.ok ? 'ok' : 'not-ok'}`} role="status" dir="auto">
          <Icon name={reply.ok ? 'good' : 'warn'} />
          <span>
            {visibleLine(reply.says)} <span class="reply-only">Only you see this.</span>
          </span>
        </p>
      )}
      {card.footer !== undefined && (
        <footer class="card-foot" dir="auto">
          <TextView text={card.footer} />
        </footer>
      )}
    </article>
  )
}
