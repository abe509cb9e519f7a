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

/** An answer for the person it was asked for; undefined when somebody else sits here by now. */
async function mine<Answer>(path: string): Promise<Answer | undefined> {
  const person = page.get().session?.person?.id
  const answer = await ask<Answer>('GET', path)
  return page.get().session?.person?.id === person ? answer : undefined
}

const lastShown = new Map<string, number>()
let asked = 0
/** As `mine`; undefined as well when what was asked later was answered before. */
async function newest<Answer>(path: string): Promise<Answer | undefined> {
  asked += 1
  const number = asked
  const answer = await mine<Answer>(path)
  if (!answer || (lastShown.get(path) ?? 0) > number) return undefined
  lastShown.set(path, number)
  return answer
}

export async function loadThreads(): Promise<void> {
  const answer = await newest<{ threads: ThreadView[] }>('/api/threads')
  if (!answer) return
  page.set({ threads: answer.threads })
  markSeen(page.get().open)
}

export async function loadOverview(): Promise<void> {
  const overview = await newest<OverviewView>('/api/overview')
  if (overview) page.set({ overview })
}

const threadsSoon = gathered(300, loadThreads)
export const overviewSoon = gathered(200, loadOverview)

interface ThreadAnswer {
  items: Item[]
  more: boolean
}

/** The newest part of a thread. A thread nobody spoke in yet is empty, not an error. */
export async function loadThread(key: string): Promise<void> {
  const answer = await mine<ThreadAnswer>(`/api/threads/${key}`)
  if (!answer) return
  const { items, more } = answer
  page.set((state) => {
    // What came live while this answer was under way is not in it, or in an older revision.
    const known = new Map((state.loaded[key]?.items ?? []).map((item) => [idOf(item), item]))
    const read = new Set(items.map(idOf))
    const merged = items.map((item) => newer(known.get(idOf(item)), item))
    const first = items[0]
    const isEarlier = ({ at }: Item) => first !== undefined && at < first.at
    // So much came meanwhile that nobody knows what lies between: what is older is read again when it is asked for.
    const hasGap = more && !items.some((item) => known.has(idOf(item)))
    const others = [...known.values()].filter((item) => !read.has(idOf(item)) && !(hasGap && isEarlier(item)))
    const hasEarlier = others.some(isEarlier)
    const thread = {
      items: inOrder([...merged, ...others]),
      more: hasEarlier ? (state.loaded[key]?.more ?? more) : more,
    }
    return { loaded: { ...state.loaded, [key]: thread } }
  })
  settled(items)
  markSeen(page.get().open)
}

export async function loadEarlier(key: string): Promise<void> {
  const first = page.get().loaded[key]?.items[0]
  if (!first) return
  const answer = await mine<ThreadAnswer>(`/api/threads/${key}?before=${encodeURIComponent(first.at)}`)
  if (!answer) return
  const { items, more } = answer
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
    // Where nobody has read so far back, it comes with what is read of that time.
    const [first] = thread.items
    if (at < 0 && thread.more && first && item.at < first.at) return {}
    const items = at < 0 ? inOrder([...thread.items, item]) : thread.items.with(at, newer(thread.items[at], item))
    return { loaded: { ...state.loaded, [threadKey]: { ...thread, items } } }
  })
}

const inOrder = (items: readonly Item[]): Item[] => [...items].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))

function newer(known: Item | undefined, next: Item): Item {
  if (known?.type === 'card' && next.type === 'card' && known.revision >= next.revision) return known
  if (known?.type === 'message' && next.type === 'message' && !next.requestId) return known
  return next
}

function idOf(item: Item): string {
  return item.type === 'card' ? item.deliveryId : `message:${item.key}`
}
