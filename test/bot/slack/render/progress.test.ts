import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chunksSince, type Progress, progressOf } from '../../../../bot/slack/render/progress.ts'
import type { Card } from '../../../../core/card.ts'
import { anyCard } from './any-card.ts'
import { faultsInProgress } from './stream-chunks.ts'

/** What a stream shows that was told these, one after the other. */
function shownAfter(all: readonly Progress[]): Progress | undefined {
  let title = ''
  const tasks = new Map<string, Progress['tasks'][number]>()
  for (const [at, now] of all.entries())
    for (const chunk of chunksSince(all[at - 1], now)) {
      if (chunk.type === 'plan_update') title = chunk.title
      if (chunk.type === 'task_update') tasks.set(chunk.id, { id: chunk.id, title: chunk.title, status: chunk.status })
    }
  return { title, tasks: [...tasks.values()] }
}

const running = (card: Card): Card => ({ ...card, kind: 'progress' })
const RUNS = { numRuns: 300, interruptAfterTimeLimit: 30_000, markInterruptAsFailure: false }

describe('the steps of whatever card', () => {
  test('are what a stream and a plan take, and nothing in them comes alive', () => {
    fc.assert(
      fc.property(anyCard, (card) => {
        const progress = progressOf(running(card))
        expect(progress ? faultsInProgress(progress) : []).toEqual([])
      }),
      RUNS,
    )
  })

  test('are shown as the last card has them, whatever came before', () => {
    fc.assert(
      fc.property(fc.array(anyCard, { minLength: 1, maxLength: 4 }), (cards) => {
        const all = cards.flatMap((card) => progressOf(running(card)) ?? [])
        const last = all.at(-1)
        if (!last) return
        const shown = shownAfter(all)
        expect(shown?.title).toBe(last.title)
        for (const task of last.tasks) expect(shown?.tasks).toContainEqual(task)
      }),
      RUNS,
    )
  })

  test('are not all shown where there are very many; what is left out is counted, and what went wrong in it stands', () => {
    const steps = Array.from({ length: 90 }, (_, at) => ({
      name: `Part ${at + 1}`,
      state: at === 70 ? ('failed' as const) : ('done' as const),
    }))
    const card: Card = { kind: 'result', tone: 'bad', title: 'Restart', blocks: [{ type: 'steps', steps }] }
    const progress = progressOf(card)
    expect(progress?.tasks).toHaveLength(40)
    expect(progress?.tasks.at(-1)).toMatchObject({ title: '51 more steps: see the card', status: 'error' })
  })

  test('are nothing before an operation runs', () => {
    const steps = { type: 'steps' as const, steps: [{ name: 'Set the image', state: 'todo' as const }] }
    expect(progressOf({ kind: 'plan', tone: 'neutral', title: 'Deploy', blocks: [steps] })).toBeUndefined()
    expect(progressOf({ kind: 'result', tone: 'good', title: 'Nothing to do', blocks: [] })).toBeUndefined()
  })
})
