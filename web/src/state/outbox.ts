import { type ApiError, ask, randomKey } from '../api.ts'
import type { Item } from '../api-types.ts'
import { recall, remember } from '../memory.ts'
import { type Pending, page } from './page.ts'

/**
 * Messages on their way. The server answers as soon as it has one in memory, so a message stays here until its thread shows it; the
 * key makes sending it again harmless. That closes the gap a crash right after the answer would leave.
 */
const RETRY_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000] as const
/** What was said longer ago is not sent by itself: a laptop that is opened on Monday must not carry out Friday's words. */
const STALE_MS = 10 * 60_000

export function say(threadKey: string, text: string): void {
  const person = page.get().session?.person
  if (!person) return
  const at = new Date().toISOString()
  const message: Pending = { key: randomKey(20), threadKey, personId: person.id, text, at, state: 'sending' }
  change((pending) => [...pending, message])
  void send(message, 0)
}

/** After a reload or a lost connection: whatever its thread does not show is sent again. */
export function resendUnseen(): void {
  const mine = page.get().session?.person?.id
  for (const message of page.get().pending)
    if (message.personId === mine && message.state === 'sent') void send(message, 0)
}

export function retry(key: string): void {
  const at = new Date().toISOString() // said anew, by a click
  change((pending) => pending.map((one) => (one.key === key ? { ...one, at } : one)))
  const message = page.get().pending.find((one) => one.key === key)
  if (message) void send(message, 0)
}

export function discard(key: string): void {
  change((pending) => pending.filter((one) => one.key !== key))
}

/** These are in their thread now: no need to keep them. */
export function settled(items: readonly Item[]): void {
  const shown = new Set(items.map((item) => (item.type === 'message' ? item.key : '')))
  if (page.get().pending.some(({ key }) => shown.has(key)))
    change((pending) => pending.filter(({ key }) => !shown.has(key)))
}

export function recallPending(): void {
  const kept = recall('pending', isPendingList) ?? []
  for (const { key } of kept) own.add(key)
  page.set({ pending: kept })
  const mine = page.get().session?.person?.id
  for (const message of kept) if (message.personId === mine && message.state !== 'failed') void send(message, 0)
}

const underWay = new Set<string>()

async function send(message: Pending, attempt: number): Promise<void> {
  if (underWay.has(message.key)) return
  if (Date.now() - Date.parse(message.at) > STALE_MS) return mark(message.key, 'failed', whyNot(message.state))
  underWay.add(message.key)
  try {
    await ask('POST', `/api/threads/${message.threadKey}/messages`, { text: message.text, key: message.key })
    mark(message.key, 'sent')
  } catch (error) {
    const { message: says, retryable } = error as ApiError // `ask` throws nothing else
    if (retryable) {
      mark(message.key, 'sending', says)
      const waitMs = RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)] ?? 15_000
      setTimeout(() => stillWanted(message) && void send(message, attempt + 1), waitMs * (0.5 + Math.random()))
    } else mark(message.key, 'failed', says)
  } finally {
    underWay.delete(message.key)
  }
}

const whyNot = (state: Pending['state']) =>
  state === 'sent'
    ? 'This was received some time ago and never shown: look whether it was done before you send it again.'
    : 'This was said some time ago and could not be sent then. Send it now if it still holds.'

function stillWanted(message: Pending): boolean {
  const { pending, session } = page.get()
  return session?.person?.id === message.personId && pending.some(({ key }) => key === message.key)
}

function mark(key: string, state: Pending['state'], says?: string): void {
  change((pending) => pending.map((one) => (one.key === key ? { ...one, state, says } : one)))
}

/** Messages this tab has or had: what else is remembered is another tab's. */
const own = new Set<string>()

function change(next: (pending: readonly Pending[]) => readonly Pending[]): void {
  page.set((state) => ({ pending: next(state.pending) }))
  const { pending } = page.get()
  for (const { key } of pending) own.add(key)
  const others = (recall('pending', isPendingList) ?? []).filter(({ key }) => !own.has(key))
  remember('pending', [...others, ...pending])
}

function isPendingList(value: unknown): value is Pending[] {
  return (
    Array.isArray(value) &&
    value.every((one) => typeof one?.key === 'string' && typeof one.text === 'string' && one.threadKey && one.personId)
  )
}
