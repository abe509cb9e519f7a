import type { ThreadView } from '../api-types.ts'
import { isTextRecord, recall, remember } from '../memory.ts'
import { page } from './page.ts'

const memoryOf = (personId: string) => `seen.${personId}`

/** Takes up what this person had seen; threads from before the first visit do not shout. */
export function recallSeen(personId: string): void {
  page.set({ seen: recall(memoryOf(personId), isTextRecord) ?? { '': new Date().toISOString() } })
  remember(memoryOf(personId), page.get().seen)
}

export function markSeen(threadKey: string | undefined): void {
  const { threads, seen, session } = page.get()
  const thread = threads.find(({ key }) => key === threadKey)
  if (!thread || !session?.person || document.hidden || seen[thread.key] === thread.updatedAt) return
  page.set({ seen: { ...seen, [thread.key]: thread.updatedAt } })
  remember(memoryOf(session.person.id), page.get().seen)
}

export function isUnread(thread: ThreadView, seen: Readonly<Record<string, string>>): boolean {
  return thread.updatedAt > (seen[thread.key] ?? seen[''] ?? '')
}
