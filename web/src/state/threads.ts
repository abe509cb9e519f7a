import { ask } from '../api.ts'
import type { CardItem, Item, MessageItem, OverviewView, ThreadView } from '../api-types.ts'
import { settled } from './outbox.ts'
import { page } from './page.ts'
import { markSeen } from './unread.ts'

/** Runs `fn` once, `ms` after the first of several calls: a burst of cards costs one look. */
function gathered(ms: number, fn: () => Promise<void>): () => void {
  let planned = false
  return () => {
    if (planned) return
    planned = true
    setTimeout(() => {
      planned = false
      fn().catch(() => undefined) // the next event, or the next reconnect, looks again
    }, ms)
  }
}

export async function loadThreads(): Promise<void> {
  const { threads } = await ask<{ threads: ThreadView[] }>('GET', '/api/threads')
  page.set({ threads })
  markSeen(page.get().open)
}

export async function loadOverview(): Promise<void> {
  page.set({ overview: await ask<OverviewView>('GET', '/api/overview') })
}

const threadsSoon = gathered(300, loadThreads)
export const overviewSoon = gathered(200, loadOverview)

interface ThreadAnswer {
  items: Item[]
  more: boolean
}

/** The newest part of a thread. A thread nobody spoke in yet is empty, not an error. */
export async function loadThread(key: string): Promise<void> {
  const { items, more } = await ask<ThreadAnswer>('GET', `/api/threads/${key}`)
  page.set((state) => {
    const older = state.loaded[key]?.items.filter((item) => items[0] && more && item.at < items[0].at) ?? []
    // A card may have come live while this answer was under way: the newer revision stays.
    const known = new Map((state.loaded[key]?.items ?? []).map((item) => [idOf(item), item]))
    const merged = items.map((item) => newer(known.get(idOf(item)), item))
    return { loaded: { ...state.loaded, [key]: { items: [...older, ...merged], more } } }
  })
  settled(items)
  markSeen(page.get().open)
}

export async function loadEarlier(key: string): Promise<void> {
  const first = page.get().loaded[key]?.items[0]
  if (!first) return
  const { items, more } = await ask<ThreadAnswer>('GET', `/api/threads/${key}?before=${encodeURIComponent(first.at)}`)
  page.set((state) => {
    const known = state.loaded[key]?.items ?? []
    const ids = new Set(known.map(idOf))
    const earlier = items.filter((item) => !ids.has(idOf(item)))
    return { loaded: { ...state.loaded, [key]: { items: [...earlier, ...known], more } } }
  })
}

/** A card came over the live connection. */
export function showCard(card: CardItem): void {
  const thread = page.get().loaded[card.threadKey]
  if (thread) {
    put(card.threadKey, card)
    const asked = thread.items.some((item) => item.type === 'message' && item.requestId === card.requestId)
    if (card.requestId && !asked) reloadSoon(card.threadKey)
  }
  threadsSoon()
  if (card.operationId) overviewSoon()
}

/** Somebody said something in a thread. */
export function showMessage(threadKey: string, message: MessageItem): void {
  if (page.get().loaded[threadKey]) put(threadKey, message)
  settled([message])
  threadsSoon()
}

const reloads = new Map<string, () => void>()
function reloadSoon(key: string): void {
  const reload = reloads.get(key) ?? gathered(150, () => loadThread(key))
  reloads.set(key, reload)
  reload()
}

function put(threadKey: string, item: Item): void {
  page.set((state) => {
    const thread = state.loaded[threadKey]
    if (!thread) return {}
    const at = thread.items.findIndex((known) => idOf(known) === idOf(item))
    const items = at < 0 ? [...thread.items, item] : thread.items.with(at, newer(thread.items[at], item))
    if (at < 0) items.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    return { loaded: { ...state.loaded, [threadKey]: { ...thread, items } } }
  })
}

function newer(known: Item | undefined, next: Item): Item {
  if (known?.type === 'card' && next.type === 'card' && known.revision >= next.revision) return known
  if (known?.type === 'message' && next.type === 'message' && !next.requestId) return known
  return next
}

function idOf(item: Item): string {
  return item.type === 'card' ? item.deliveryId : `message:${item.key}`
}
