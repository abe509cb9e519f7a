import { Icon } from '../card/icons.tsx'
import { Time } from '../card/text.tsx'
import { page } from '../state/page.ts'
import { useStore } from '../store.ts'
import { visibleLine } from '../visible-text.ts'

/** What the whole page must say: the kill switch, a lost connection, a problem. */
export function Banners() {
  const halted = useStore(page, (state) => state.overview.halted)
  const problem = useStore(page, (state) => state.problem)
  const lost = useStore(page, (state) => state.connection === 'lost')
  return (
    <div class="banners" aria-live="assertive">
      {halted && (
        <p class="banner bad">
          <Icon name="bad" />
          <span>
            <strong>Everything is halted.</strong> {visibleLine(halted.by)} stopped all changes{' '}
            <Time iso={halted.since} show="relative" />
            {halted.reason && <>: {visibleLine(halted.reason)}</>}. Say <code>resume</code> to go on.
          </span>
        </p>
      )}
      {lost && (
        <p class="banner warn">
          <Icon name="warn" />
          <span>The connection to Quarterdeck is lost. Trying again; what you type is kept.</span>
        </p>
      )}
      {problem && !lost && (
        <p class="banner warn">
          <Icon name="warn" />
          <span>{visibleLine(problem)}</span>
          <button type="button" class="link" onClick={() => page.set({ problem: undefined })}>
            Hide
          </button>
        </p>
      )}
    </div>
  )
}
