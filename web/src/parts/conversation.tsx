import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { CardItem, Item, MessageItem } from '../api-types.ts'
import { CardView } from '../card/card-view.tsx'
import { Time } from '../card/text.tsx'
import { click } from '../state/clicks.ts'
import { page } from '../state/page.ts'
import { loadEarlier } from '../state/threads.ts'
import { useStore } from '../store.ts'
import { visibleLine, visibleText } from '../visible-text.ts'
import { Announcer } from './announcer.tsx'
import { Avatar } from './avatar.tsx'
import { PendingMessage, Reading } from './pending-message.tsx'
import { Welcome } from './welcome.tsx'

const NOTHING: readonly Item[] = []

/** What was said and the cards that answer it, in order; it stays at the end while the reader is there. */
export function Conversation() {
  const open = useStore(page, (state) => state.open)
  const items = useStore(page, (state) => (state.open && state.loaded[state.open]?.items) || NOTHING)
  const loaded = useStore(page, (state) => !state.open || !!state.loaded[state.open])
  const more = useStore(page, (state) => !!(state.open && state.loaded[state.open]?.more))
  const pending = useStore(page, (state) => state.pending)
  const shown = new Set(items.map((item) => (item.type === 'message' ? item.key : '')))
  const mine = pending.filter((one) => one.threadKey === open && !shown.has(one.key))
  const scroller = useStayAtEnd(open, items, mine.length)
  const empty = loaded && items.length === 0 && mine.length === 0
  return (
    <div class="scroller" ref={scroller}>
      {empty ? (
        <Welcome />
      ) : (
        <section class="conversation" aria-label="Conversation" aria-busy={!loaded}>
          {more && open && (
            <button type="button" class="button plain earlier" onClick={() => loadEarlier(open).catch(() => undefined)}>
              Show earlier messages
            </button>
          )}
          {items.map((item) =>
            item.type === 'message' ? (
              <Message key={item.key} message={item} />
            ) : (
              <LiveCard key={item.deliveryId} item={item} />
            ),
          )}
          {mine.map((message) => (
            <PendingMessage key={message.key} message={message} />
          ))}
          {(mine.some(({ state }) => state === 'sent') || unanswered(items)) && <Reading />}
        </section>
      )}
      <Announcer items={items} />
    </div>
  )
}

function Message({ message }: { message: MessageItem }) {
  return (
    <div class="message">
      <Avatar id={message.person.id} name={message.person.name} />
      <div class="message-main">
        <p class="message-head">
          <span class="message-who">{visibleLine(message.person.name)}</span>
          <Time iso={message.at} show="clock" />
        </p>
        <p class="message-text" dir="auto">
          {visibleText(message.text)}
        </p>
      </div>
    </div>
  )
}

function LiveCard({ item }: { item: CardItem }) {
  const clicking = useStore(page, (state) => state.clicking[item.deliveryId])
  const reply = useStore(page, (state) => state.replies[item.deliveryId])
  // A refusal stays until the card moves on; a yes until the card shows it by itself.
  const standing = reply && reply.revision === item.revision ? reply : undefined
  // The same element for the same data: a card that did not change is not drawn again when others do.
  return useMemo(
    () => (
      <CardView
        item={item}
        clicking={clicking}
        reply={standing}
        onClick={(action, extra) => void click(item, action, extra)}
      />
    ),
    [item, clicking, standing],
  )
}

/** The last thing in the thread was said by a person a moment ago, and no card answers it yet. */
function unanswered(items: readonly Item[]): boolean {
  const last = items.at(-1)
  if (last?.type !== 'message') return false
  if (last.requestId && items.some((item) => item.type === 'card' && item.requestId === last.requestId)) return false
  return Date.now() - new Date(last.at).getTime() < 10 * 60_000
}

/** Keeps the end in view while the reader is there; leaves them alone when they scrolled up to read. */
function useStayAtEnd(thread: string | undefined, items: readonly Item[], pending: number) {
  const scroller = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const [, setBehind] = useState(false)
  useEffect(() => {
    const box = scroller.current
    if (!box) return
    const look = () => {
      atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < 120
      setBehind(!atEnd.current)
    }
    box.addEventListener('scroll', look, { passive: true })
    // Cards grow while they live: the end moves without a new item.
    const grown = new ResizeObserver(() => atEnd.current && box.scrollTo({ top: box.scrollHeight }))
    if (box.firstElementChild) grown.observe(box.firstElementChild)
    return () => {
      box.removeEventListener('scroll', look)
      grown.disconnect()
    }
  }, [thread, items.length === 0])
  useLayoutEffect(() => {
    atEnd.current = true
  }, [thread, pending])
  useLayoutEffect(() => {
    const box = scroller.current
    if (box && atEnd.current) box.scrollTo({ top: box.scrollHeight })
  }, [thread, items, pending])
  return scroller
}
