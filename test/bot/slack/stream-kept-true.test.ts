import { describe, expect, test } from 'vitest'
import { createStreams } from '../../../bot/slack/send/streams.ts'
import type { Card } from '../../../core/card.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import { soon } from '../../_harness/soon.ts'
import { aProcess, asked, calls, DONE, PLAN, refusing, says, town, useTown, workspacesOf } from './streamed.ts'

useTown()

const LATE = 6 * 60_000
const TOO_MUCH = { status: 429, headers: { 'retry-after': '0' }, body: { ok: false, error: 'ratelimited' } }
const UNDER_WAY = ['Set the replicas, complete', 'Wait for the pods, in_progress']

/** An operation in a direct thread, and processes that stream its steps for so long. */
async function streaming() {
  const it = await asked(town, aProcess(town))
  const workspace = await workspacesOf(town).of(town.team)
  if (!workspace) throw new Error('there is no workspace')
  let kept: string | undefined
  return {
    ...it,
    by(livesMs: number, mayEdit = (_isLastWord: boolean) => true) {
      const streams = createStreams({ log: silentLogger, livesMs, mayEdit: (_team, _channel, last) => mayEdit(last) })
      return {
        begins: () => streams.isNew(it.message(PLAN)),
        shows: async (shown: Card) => {
          kept = await streams.show(it.message(shown), it.place, workspace, kept)
        },
        goesOn: (shown: Card) => streams.goOn(it.message(shown), it.place, workspace, kept ?? ''),
        leaves: () => streams.leave(),
      }
    },
    /** Where it is was not written down. */
    forget() {
      kept = undefined
    },
    steps: async () => (await it.seen())?.slice(1),
    title: async () => (await it.seen())?.[0],
  }
}

describe('a stream', () => {
  test('that is ended before Slack ends it does not stay shown as failed because the edit was refused', async () => {
    const it = await streaming()
    const one = it.by(20)
    one.begins()
    const lift = refusing(town, TOO_MUCH, 'chat.update')
    await one.shows(says('waits for an hour', 'done', 'doing'))
    await soon(() => expect(calls('chat.update').length).toBeGreaterThan(0))
    lift()
    await soon(async () => expect(await it.steps()).toEqual(UNDER_WAY))
    one.leaves()
  })

  test('that another process has brought to its end is not taken back by the one that began it', async () => {
    const it = await streaming()
    const [one, other] = [it.by(150), it.by(60_000)]
    one.begins()
    await one.shows(says('1 of 6', 'done', 'doing'))
    one.leaves()
    await other.shows(DONE)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await it.title()).toBe('Succeeded: Scale cart to 6 in production')
    other.leaves()
  })

  test('of a process that died is ended in time by the one that sends from then on, though nothing new comes', async () => {
    const it = await streaming()
    const [one, other] = [it.by(60_000), it.by(50)]
    one.begins()
    const waits = says('waits for an hour', 'done', 'doing')
    await one.shows(waits)
    one.leaves()
    town.streams.now = () => Date.now() + LATE
    other.goesOn(waits)
    await soon(() => expect(calls('chat.update')).toHaveLength(1))
    expect(await it.steps()).toEqual(UNDER_WAY)
    // Slack says that we are at it for an hour, unless it is told otherwise.
    await soon(() => expect(calls('assistant.threads.setStatus').at(-1)?.args.status).toBe(''))
    other.leaves()
  })

  test('says what was refused a moment ago though nothing new comes', async () => {
    const it = await streaming()
    const one = it.by(60_000)
    one.begins()
    await one.shows(says('1 of 6', 'done', 'doing'))
    const lift = refusing(town, TOO_MUCH, 'chat.appendStream')
    await one.shows(says('waits for an hour', 'done', 'doing'))
    lift()
    await soon(async () => expect(await it.title()).toBe('Running: waits for an hour'))
    one.leaves()
  })

  test('says what there was no room for among the edits though nothing new comes', async () => {
    const it = await streaming()
    let isRoom = false
    const one = it.by(60_000, (isLastWord) => isLastWord || isRoom)
    one.begins()
    await one.shows(says('1 of 6', 'done', 'doing'))
    town.streams.now = () => Date.now() + LATE
    await one.shows(says('waits for an hour', 'done', 'doing'))
    expect(await it.title()).toBe('Running: 1 of 6')
    isRoom = true
    await soon(async () => expect(await it.title()).toBe('Running: waits for an hour'))
    one.leaves()
  })

  test('goes on while its workspace begins no others', async () => {
    const surface = aProcess(town)
    const [it, other] = [await asked(town, surface), await asked(town, surface)]
    await it.shows(says('1 of 6', 'done', 'doing'))
    const lift = refusing(town, { body: { ok: false, error: 'messaging_processing_failed' } }, 'chat.startStream')
    await other.shows(says('1 of 9', 'done', 'doing'))
    lift()
    await it.shows(says('5 of 6', 'done', 'doing'))
    expect((await it.seen())?.[0]).toBe('Running: 5 of 6')
    expect(await other.ours()).toHaveLength(1)
  })

  test.each(['messaging_processing_failed', 'stopped_by_user'])(
    'that takes no more (%s) is edited from then on, and ends as the card does',
    async (error) => {
      const surface = aProcess(town)
      const it = await asked(town, surface)
      await it.shows(says('1 of 6', 'done', 'doing'))
      // It takes nothing said; that it is to end, it does.
      const instead: (typeof town.front.instead)[number] = ({ method, args }) =>
        method.endsWith('Stream') && args.chunks ? { body: { ok: false, error } } : undefined
      town.front.instead.unshift(instead)
      if (error === 'stopped_by_user') town.streams.now = () => Date.now() + LATE
      await it.shows(says('3 of 6', 'done', 'doing'))
      expect((await it.seen())?.[0]).toBe('Running: 3 of 6')
      await it.shows(DONE)
      town.front.instead.splice(town.front.instead.indexOf(instead), 1)
      expect(await it.seen()).toEqual([
        'Succeeded: Scale cart to 6 in production',
        'Set the replicas, complete',
        'Wait for the pods, complete',
      ])
    },
  )

  test('is the only one, though the card above it was deleted and another process posts it anew', async () => {
    const it = await asked(town, aProcess(town))
    await it.shows(says('1 of 6', 'done', 'doing'))
    const other = aProcess(town)
    await other.post({ ...it.message(says('2 of 6', 'done', 'doing')), revision: 3 })
    expect(calls('chat.startStream')).toHaveLength(1)
  })

  test('is the only one, though the process that posted its card had lost its turn to another meanwhile', async () => {
    const it = await streaming()
    const [one, other] = [it.by(60_000), it.by(60_000)]
    one.begins()
    one.leaves()
    await other.shows(says('1 of 6', 'done', 'doing'))
    other.leaves()
    it.forget()
    await one.shows(says('2 of 6', 'done', 'doing'))
    expect(calls('chat.startStream')).toHaveLength(1)
    one.leaves()
  })
})
