import { ask } from '../api.ts'
import type { CardItem, MessageItem, SessionView } from '../api-types.ts'
import { resendUnseen } from './outbox.ts'
import { page } from './page.ts'
import { loadOverview, loadThread, loadThreads, overviewSoon, showCard, showMessage } from './threads.ts'

/** The server beats every 15 s; a connection silent for longer than this is dead though nobody said so. */
const SILENT_MS = 40_000

/** A browser has six connections for all pages of an address, and a page holds one of them: whoever is looked at needs it more. */
const UNSEEN_MS = 60_000

let source: EventSource | undefined
let resting: ReturnType<typeof setTimeout> | undefined
let watchdog: ReturnType<typeof setTimeout> | undefined
let failures = 0

/** (Re)opens the live connection for the person of the session. */
export function connect(): void {
  disconnect()
  page.set({ connection: 'connecting' })
  const opened = new EventSource('/api/events')
  source = opened
  opened.addEventListener('open', () => {
    const before = failures
    failures = 0
    page.set({ connection: 'live' })
    alive()
    if (before > 0) void catchUp()
  })
  opened.addEventListener('error', () => {
    failures += 1
    page.set({ connection: 'lost' })
    // The browser tries again by itself, except after an answer that was no event stream.
    if (opened.readyState === EventSource.CLOSED && source === opened)
      watchdog = setTimeout(() => void connectAgain(opened), Math.min(1_000 * failures, 10_000))
  })
  opened.addEventListener('beat', alive)
  opened.addEventListener('reset', () => void catchUp())
  opened.addEventListener('overview', () => {
    alive()
    overviewSoon()
  })
  opened.addEventListener('card', (event) => {
    alive()
    showCard(JSON.parse(event.data) as CardItem) // our own server's word
  })
  opened.addEventListener('message', (event) => {
    alive()
    const { threadKey, ...message } = JSON.parse(event.data) as MessageItem & { threadKey: string } // as above
    showMessage(threadKey, message)
  })
}

/** Connects where that was not done yet. */
export function connectOnce(): void {
  if (source || !page.get().session?.person) return
  connect()
  void catchUp()
}

/** A page that nobody looks at lets go of its connection after a while, and catches up when somebody looks again. */
export function seenOrNot(isSeen: boolean): void {
  clearTimeout(resting)
  if (!isSeen && source) resting = setTimeout(rest, UNSEEN_MS)
  else if (isSeen && !page.get().lone) connectOnce()
}

function rest(): void {
  disconnect()
  page.set({ connection: 'resting' })
}

/** Connects, unless the session is over: then the page begins anew, which says so, and what is typed is kept. */
async function connectAgain(refused: EventSource): Promise<void> {
  const session = await ask<SessionView>('GET', '/api/session').catch(() => undefined)
  if (source !== refused) return
  if (session && !session.person) location.reload()
  else connect()
}

function disconnect(): void {
  clearTimeout(watchdog)
  source?.close()
  source = undefined
}

function alive(): void {
  clearTimeout(watchdog)
  watchdog = setTimeout(() => {
    failures += 1
    page.set({ connection: 'lost' })
    connect()
  }, SILENT_MS)
}

/** Events may have been missed: read again what is on screen, then send what never arrived. */
async function catchUp(): Promise<void> {
  const { open } = page.get()
  page.set((state) => ({ loaded: open && state.loaded[open] ? { [open]: state.loaded[open] } : {} }))
  await Promise.allSettled([loadThreads(), loadOverview(), open ? loadThread(open) : undefined])
  resendUnseen()
}
