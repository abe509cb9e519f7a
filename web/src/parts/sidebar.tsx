import { useEffect, useRef } from 'preact/hooks'
import type { OperationView, ThreadView } from '../api-types.ts'
import { Icon } from '../card/icons.tsx'
import { Time } from '../card/text.tsx'
import { goToThread } from '../route.ts'
import { page } from '../state/page.ts'
import { isUnread } from '../state/unread.ts'
import { useStore } from '../store.ts'
import { visibleLine } from '../visible-text.ts'

/** The conversations, and above them what waits for this person. */
export function Sidebar() {
  const threads = useStore(page, (state) => state.threads)
  const waiting = useStore(page, (state) => state.overview.waiting)
  const running = useStore(page, (state) => state.overview.running)
  const drawer = useStore(page, (state) => state.drawer)
  const closer = useRef<HTMLButtonElement>(null)
  // Who opened it by keyboard goes on in it, and comes back to where they were.
  useEffect(() => {
    if (!drawer) return
    const opener = document.activeElement
    closer.current?.focus()
    return () => {
      const at = document.activeElement
      const isLost = at === document.body || at?.closest('.sidebar')
      if (isLost && opener instanceof HTMLElement) opener.focus()
    }
  }, [drawer])
  return (
    <nav
      class="sidebar"
      aria-label="Conversations"
      onKeyDown={(event) => {
        if (event.key === 'Escape') page.set({ drawer: false })
      }}
    >
      <div class="sidebar-head">
        <img src="/icon.svg" alt="" width="24" height="24" />
        <span class="brand">Quarterdeck</span>
        <button
          type="button"
          class="icon-button close-drawer"
          aria-label="Close the list"
          ref={closer}
          onClick={() => page.set({ drawer: false })}
        >
          <Icon name="close" />
        </button>
      </div>
      <button type="button" class="button new-thread" onClick={startAnew}>
        <Icon name="plus" />
        New conversation
      </button>
      <div class="sidebar-scroll">
        {waiting.length > 0 && <Operations title="Waiting for you" operations={waiting} class="waiting" />}
        {running.length > 0 && <Operations title="Running" operations={running} class="running" />}
        <section>
          <h2>Conversations</h2>
          {threads.length === 0 && <p class="sidebar-empty">Nothing said yet.</p>}
          <ul>
            {threads.map((thread) => (
              <li key={thread.key}>
                <ThreadLink thread={thread} />
              </li>
            ))}
          </ul>
        </section>
      </div>
    </nav>
  )
}

function startAnew() {
  page.set({ open: undefined, drawer: false })
  goToThread(undefined)
  document.getElementById('composer')?.focus()
}

function ThreadLink({ thread }: { thread: ThreadView }) {
  const open = useStore(page, (state) => state.open === thread.key)
  const seen = useStore(page, (state) => state.seen)
  const unread = !open && isUnread(thread, seen)
  return (
    <a
      class={`thread-link ${unread ? 'unread' : ''}`}
      href={`#/t/${thread.key}`}
      aria-current={open ? 'page' : undefined}
      onClick={() => page.set({ drawer: false })}
    >
      <span class="thread-title" dir="auto">
        {visibleLine(thread.title)}
      </span>
      <span class="thread-about">
        {thread.surface === 'cli' ? 'Terminal · ' : ''}
        {thread.openedBy ? `${visibleLine(thread.openedBy)} · ` : ''}
        <Time iso={thread.updatedAt} show="relative" short />
      </span>
      {thread.open > 0 && <Icon name="busy" class="turning thread-mark" />}
      {thread.open > 0 && <span class="sr-only">, {thread.open} open</span>}
      {unread && <span class="unread-mark" />}
      {unread && <span class="sr-only">, unread</span>}
    </a>
  )
}

function Operations(props: { title: string; operations: readonly OperationView[]; class: string }) {
  return (
    <section class={`sidebar-operations ${props.class}`}>
      <h2>
        {props.title} <span class="count">{props.operations.length}</span>
      </h2>
      <ul>
        {props.operations.slice(0, 6).map((operation) => (
          <li key={operation.id}>
            <a
              class="operation-link"
              href={operation.threadKey ? `#/t/${operation.threadKey}` : '#/'}
              onClick={() => {
                page.set({ drawer: false })
                reveal(operation.deliveryId)
              }}
            >
              <span class="thread-title">{visibleLine(operation.summary)}</span>
              <span class="thread-about">
                {visibleLine(operation.requestedBy)} · {operation.stateWords}
              </span>
            </a>
          </li>
        ))}
      </ul>
      {props.operations.length > 6 && <p class="sidebar-empty">and {props.operations.length - 6} more</p>}
    </section>
  )
}

/** Scrolls to a card as soon as its thread has drawn it. */
function reveal(deliveryId: string | null, triesLeft = 30) {
  if (!deliveryId || triesLeft === 0) return
  const card = document.querySelector(`[data-delivery="${CSS.escape(deliveryId)}"]`)
  if (card) card.scrollIntoView({ block: 'center' })
  else requestAnimationFrame(() => reveal(deliveryId, triesLeft - 1))
}
