import type { DueDelivery, markSent } from '../../db/due-deliveries.ts'

/** What was sent; `begun` is the key of the thread that it began. */
export type Sent = Parameters<typeof markSent>[1][number] & { readonly begun?: string }

/** Messages of one thread go one after the other, in order, and those behind the one that begins it follow it there; threads side by side. */
export async function inLanes(
  rows: readonly DueDelivery[],
  concurrency: number,
  send: (row: DueDelivery) => Promise<Sent | undefined>,
): Promise<(Sent | undefined)[]> {
  const lanes = [...Map.groupBy(rows, (row) => row.threadId).values()]
  const results: (Sent | undefined)[] = []
  const worker = async () => {
    for (let lane = lanes.shift(); lane; lane = lanes.shift()) {
      let threadKey: string | undefined
      for (const row of lane) {
        const sent = await send(threadKey === undefined ? row : { ...row, threadKey })
        threadKey = sent?.begun ?? threadKey
        results.push(sent)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, lanes.length) }, worker))
  return results
}
