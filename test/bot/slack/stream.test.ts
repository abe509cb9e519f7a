import { beforeEach, describe, expect, test } from 'vitest'
import { createStreams } from '../../../bot/slack/send/streams.ts'
import type { Card } from '../../../core/card.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import { soon } from '../../_harness/soon.ts'
import { aProcess, asked, calls, DONE, PLAN, refusing, says, town, useTown, workspacesOf } from './streamed.ts'

useTown()
let surface: ReturnType<typeof aProcess>
beforeEach(() => {
  surface = aProcess(town)
})

describe('the steps of an operation', () => {
  test('are streamed below its card, where somebody talks with us alone, and are as they ended when it ends', async () => {
    const it = await asked(town, surface)
    expect(await it.ours()).toHaveLength(1)
    await it.shows(says('1 of 6 pods is ready', 'done', 'doing'))
    expect(await it.seen()).toEqual([
      'Running: 1 of 6 pods is ready',
      'Set the replicas, complete',
      'Wait for the pods, in_progress',
    ])
    await it.shows(says('5 of 6 pods <!here> are ready', 'done', 'doing'))
    expect((await it.seen())?.[0]).toBe('Running: 5 of 6 pods ‹!here› are ready')
    // Only what is new is said.
    expect(JSON.parse(calls('chat.appendStream')[0]?.args.chunks ?? '')).toEqual([
      { type: 'plan_update', title: 'Running: 5 of 6 pods ‹!here› are ready' },
    ])
    await it.shows(DONE)
    expect(await it.seen()).toEqual([
      'Succeeded: Scale cart to 6 in production',
      'Set the replicas, complete',
      'Wait for the pods, complete',
    ])
    expect(calls('chat.startStream')).toHaveLength(1)
    expect(calls('chat.stopStream')).toHaveLength(1)
    expect(calls('assistant.threads.setStatus')).toEqual([])
    // The card is still the one message with what may be pressed, and says the same.
    expect((await it.ours())[0]?.text).toContain('Succeeded')
  })

  test('are not streamed in a channel, and not for what is over before anybody is shown it', async () => {
    const inChannel = await asked(town, surface, 'prod')
    await inChannel.shows(says('half', 'done', 'doing'))
    const short = await asked(town, surface)
    await short.shows(DONE)
    expect(calls('chat.startStream')).toEqual([])
    expect(await short.ours()).toHaveLength(1)
  })

  test('go on in the same stream when another process sends, and none is begun again', async () => {
    const it = await asked(town, surface)
    await it.shows(says('1 of 6', 'done', 'doing'))
    const other = aProcess(town)
    await it.shows(says('4 of 6', 'done', 'doing'), other)
    await it.shows(DONE, other)
    expect((await it.seen())?.at(-1)).toBe('Wait for the pods, complete')
    expect(calls('chat.startStream')).toHaveLength(1)
  })

  test('are found again when the process died before it could write down that it had begun them', async () => {
    const it = await asked(town, surface)
    const before = it.ref
    await it.shows(says('1 of 6', 'done', 'doing'))
    expect(it.ref).not.toBe(before)
    const began = it.ref
    it.ref = before
    await it.shows(says('4 of 6', 'done', 'doing'), aProcess(town))
    expect(it.ref).toBe(began)
    expect((await it.seen())?.[0]).toBe('Running: 4 of 6')
    expect(calls('chat.startStream')).toHaveLength(1)
  })

  test('are edited from then on where Slack ended the stream, so that nothing stays shown as failed', async () => {
    const it = await asked(town, surface)
    await it.shows(says('1 of 6', 'done', 'doing'))
    town.streams.now = () => Date.now() + 6 * 60_000
    await it.shows(says('4 of 6', 'done', 'doing'))
    expect((await it.seen())?.slice(1)).toEqual(['Set the replicas, complete', 'Wait for the pods, in_progress'])
    await it.shows(DONE)
    expect(await it.seen()).toEqual([
      'Succeeded: Scale cart to 6 in production',
      'Set the replicas, complete',
      'Wait for the pods, complete',
    ])
    expect(calls('chat.stopStream')).toEqual([])
  })

  test('are edited from then on before Slack would end the stream, and still say what is under way', async () => {
    const it = await asked(town, surface)
    const streams = createStreams({ log: silentLogger, mayEdit: () => true, livesMs: 20 })
    const workspace = await workspacesOf(town).of(town.team)
    if (!workspace) throw new Error('there is no workspace')
    const show = (shown: Card, kept?: string) => streams.show(it.message(shown), it.place, workspace, kept)
    streams.isNew(it.message(PLAN))
    const kept = await show(says('waits for an hour', 'done', 'doing'))
    await soon(() => expect(calls('chat.update')).toHaveLength(1))
    expect(calls('chat.stopStream')).toHaveLength(1)
    expect((await it.seen())?.slice(1)).toEqual(['Set the replicas, complete', 'Wait for the pods, in_progress'])
    const lift = refusing(town, { body: { ok: false, error: 'invalid_blocks' } }, 'chat.update')
    town.front.instead.unshift(({ args }) => (args.blocks === '[]' ? { body: { ok: true } } : undefined))
    expect(await show(DONE, kept)).toBe(kept)
    town.front.instead.shift()
    lift()
    // Where the workspace has no plans, in words.
    expect(calls('chat.update').at(-1)?.args.text).toBe(
      'Succeeded: Scale cart to 6 in production\nSet the replicas (done)\nWait for the pods (done)',
    )
    streams.leave()
  })

  test('that a person deleted are not begun again', async () => {
    const it = await asked(town, surface)
    await it.shows(says('1 of 6', 'done', 'doing'))
    const lift = refusing(town, { body: { ok: false, error: 'message_not_found' } }, 'chat.appendStream')
    await it.shows(says('2 of 6', 'done', 'doing'))
    lift()
    await it.shows(says('3 of 6', 'done', 'doing'), aProcess(town))
    await it.shows(DONE)
    expect(calls('chat.startStream')).toHaveLength(1)
    expect(calls('chat.stopStream')).toEqual([])
  })

  test('say how they ended when Slack takes it, though the card was edited before', async () => {
    const it = await asked(town, surface)
    await it.shows(says('1 of 6', 'done', 'doing'))
    const busy = { status: 429, headers: { 'retry-after': '7' }, body: { ok: false, error: 'ratelimited' } }
    const lift = refusing(town, busy, 'chat.stopStream', 'chat.appendStream')
    // Progress is not worth a second try.
    await it.shows(says('2 of 6', 'done', 'doing'))
    await expect(it.shows(DONE)).rejects.toMatchObject({ retryable: true, retryAfterMs: 7_000 })
    lift()
    await it.shows(DONE)
    expect((await it.seen())?.[0]).toBe('Succeeded: Scale cart to 6 in production')
  })

  test('leave a card posted whatever becomes of their stream', async () => {
    const lift = refusing(town, { status: 503, body: {} }, 'chat.startStream')
    const it = await asked(town, surface)
    await it.shows(says('1 of 6', 'done', 'doing'))
    expect(await it.ours()).toHaveLength(1)
    await soon(() => expect(calls('assistant.threads.setStatus').at(-1)?.args.status).toBe('is at it: 1 of 6'))
    lift()
    await it.shows(says('2 of 6', 'done', 'doing'))
    expect((await it.seen())?.[0]).toBe('Running: 2 of 6')
  })
})
