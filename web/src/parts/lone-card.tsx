import { CardView } from '../card/card-view.tsx'
import { page } from '../state/page.ts'
import { useStore } from '../store.ts'
import { visibleLine } from '../visible-text.ts'

const PLACES: Readonly<Record<string, string>> = { slack: 'Slack', teams: 'Microsoft Teams' }

/** One card of a chat service, whole and to read: what there was no room for there. */
export function LoneCard() {
  const lone = useStore(page, (state) => state.lone)
  const { shown, says } = lone ?? {}
  const place = shown && (PLACES[shown.surface] ?? visibleLine(shown.surface))
  return (
    <div class="scroller">
      <section class="conversation" aria-label="Card" aria-busy={!shown && !says}>
        {place && <p class="small-print">{`As it stands in ${place}. Its buttons are there.`}</p>}
        {says && <p role="alert">{visibleLine(says)}</p>}
        {shown && <CardView item={shown.item} clicking={undefined} reply={undefined} onClick={() => undefined} />}
        <p class="small-print">
          <a href="#/">To my conversations</a>
        </p>
      </section>
    </div>
  )
}
