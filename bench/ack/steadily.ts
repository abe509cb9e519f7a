import { setTimeout as pause } from 'node:timers/promises'

export const A_SECOND = 50
export const SLOW_MS = 2_000
/** How long the last cards may take once the database answers again. */
export const CARDS_WITHIN_MS = 180_000

/** What people say: mostly questions, some of them to the cluster, and now and then a change that waits for its approval. */
export const SAID = [
  'whoami',
  'help scale',
  'status cart in staging',
  'operations',
  'approvals',
  'scale cart to 5 in production',
  'help',
  'status checkout in production',
  'whoami',
  'history cart in staging',
]

/** Starts one every 1/50 s whether or not the last one has ended, as people do; resolves with what each returned. */
export async function steadily(count: number, work: (index: number) => Promise<number>): Promise<number[]> {
  const started = performance.now()
  const all: Promise<number>[] = []
  for (let index = 0; index < count; index += 1) {
    const due = started + (index * 1000) / A_SECOND
    const early = due - performance.now()
    if (early > 0) await pause(early)
    all.push(work(index))
  }
  return Promise.all(all)
}
