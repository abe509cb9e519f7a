import { ApiError, ask, randomKey } from '../api.ts'
import type { GuideView, PersonView, SessionView } from '../api-types.ts'
import { isText, recall, remember } from '../memory.ts'
import { cardInAddress, goBackTo, goToThread, onAddressChange, threadInAddress } from '../route.ts'
import { connect, connectOnce, seenOrNot } from './live.ts'
import { loadLoneCard } from './lone-card.ts'
import { recallPending } from './outbox.ts'
import { page } from './page.ts'
import { loadOverview, loadThread, loadThreads } from './threads.ts'
import { markSeen, recallSeen } from './unread.ts'

/** Starts the page: who am I, then everything that person may see. */
export async function start(): Promise<void> {
  onAddressChange(openFromAddress)
  document.addEventListener('visibilitychange', () => {
    markSeen(page.get().open)
    seenOrNot(!document.hidden)
    const { lone } = page.get()
    // Nothing tells of a chat service's card that it moved; who comes back to it sees it as it stands now.
    if (lone && !document.hidden) void loadLoneCard(lone.id)
  })
  await begin(1_000)
}

async function begin(retryMs: number): Promise<void> {
  try {
    let session = await ask<SessionView>('GET', '/api/session')
    if (session.switcher.allowed) {
      const { people } = await ask<{ people: PersonView[] }>('GET', '/api/people')
      page.set({ people })
      if (!session.person) {
        const last = recall('person', isText)
        const person = people.find(({ id }) => id === last) ?? people[0]
        if (person) session = await ask<SessionView>('POST', '/api/session', { person: person.id })
      }
    }
    page.set({ session, problem: undefined })
    if (session.person) await settleIn()
  } catch (error) {
    page.set({ problem: (error as ApiError).message, connection: 'lost' }) // `ask` throws nothing else
    setTimeout(() => void begin(Math.min(retryMs * 2, 10_000)), retryMs)
  }
}

/** Become another person. What was private to the last one is forgotten at once. */
export async function become(personId: string): Promise<void> {
  try {
    const session = await ask<SessionView>('POST', '/api/session', { person: personId })
    page.set({
      session,
      threads: [],
      loaded: {},
      lone: undefined,
      replies: {},
      clicking: {},
      overview: { halted: null, waiting: [], running: [] },
    })
    await settleIn()
  } catch (error) {
    page.set({ problem: (error as ApiError).message })
  }
}

/** Where the reader wanted to go, for when they come back from the login: the way there forgets it. */
export const keepAddress = (): void => remember('address', location.hash)

/** Ends the session. The page is loaded anew, so that nothing of the last person stays in it. */
export async function signOut(): Promise<void> {
  try {
    await ask('POST', '/api/logout', {})
    location.assign('/')
  } catch (error) {
    page.set({ problem: (error as ApiError).message })
  }
}

async function settleIn(): Promise<void> {
  const person = page.get().session?.person
  if (!person) return
  remember('person', person.id)
  const wanted = recall('address', isText)
  remember('address', undefined)
  if (wanted) goBackTo(wanted)
  recallSeen(person.id)
  recallPending()
  // A card to read says nothing by itself, and many of them may be open.
  if (cardInAddress()) page.set({ connection: 'resting' })
  else connect()
  openFromAddress()
  const guide = ask<GuideView>('GET', '/api/guide').then((answer) => page.set({ guide: answer }))
  const results = await Promise.allSettled([loadThreads(), loadOverview(), guide])
  const failed = results.find((result) => result.status === 'rejected')
  page.set({ problem: failed?.reason instanceof ApiError ? failed.reason.message : undefined })
}

function openFromAddress(): void {
  const key = threadInAddress()
  const card = cardInAddress()
  page.set({ open: key, drawer: false, ...(card ? {} : { lone: undefined }) })
  if (card) void loadLoneCard(card)
  else connectOnce()
  if (!key) return
  markSeen(key)
  loadThread(key).catch((error: ApiError) => page.set({ problem: error.message }))
}

/** The key of the thread to speak in: the open one, or a new one of our own making, which exists once somebody spoke. */
export function threadToSpeakIn(): string {
  const { open } = page.get()
  if (open) return open
  const key = `web-${randomKey(16)}`
  page.set((state) => ({ open: key, loaded: { ...state.loaded, [key]: { items: [], more: false } } }))
  goToThread(key)
  return key
}
