import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { newOperationId, newRequestId, type OperationId, type PersonId, type RequestId } from '../../core/ids.ts'
import { deliveryByKey, putDelivery } from '../../db/deliveries.ts'
import { forgetOld } from '../../db/forget.ts'
import { insertRequest, requestById } from '../../db/requests.ts'
import { keepTeamsConversation, teamsConversation } from '../../db/teams-conversations.ts'
import { openThread, threadByKey } from '../../db/threads.ts'
import { describeOnStores } from '../_harness/store.ts'

const NOW = new Date('2026-11-20T00:00:00Z')
const DAY_MS = 86_400_000
const ago = (days: number) => new Date(NOW.getTime() - days * DAY_MS)
const OLD = ago(91)
const YOUNG = ago(89)
const mira = 'mira' as PersonId // a test's person

describeOnStores('conversations', (store) => {
  const open = (surfaceKey: string, at = OLD) => openThread(store().db, { surface: 'teams', surfaceKey, now: at })

  async function say(surfaceKey: string, at = OLD): Promise<RequestId> {
    const { id: threadId } = await open(surfaceKey, at)
    const said = { surface: 'teams' as const, personId: mira, text: 'help', key: `said ${surfaceKey}`, receivedAt: at }
    return (await insertRequest(store().db, { id: newRequestId(), threadId, ...said })).request.id
  }

  async function show(
    surfaceKey: string,
    more: { at?: Date; requestId?: RequestId; operationId?: OperationId; key?: string } = {},
  ) {
    const { at: now = OLD, key = `card ${surfaceKey}`, ...rest } = more
    const { id: threadId } = await open(surfaceKey, now)
    const card = { kind: 'answer', tone: 'neutral', title: 'x', blocks: [] } as const
    return store().transaction((tx) => putDelivery(tx, { key, surface: 'teams', threadId, card, now, ...rest }))
  }

  /** An operation that was asked for in a thread; without `over`, it is not over. */
  async function operate(surfaceKey: string, over?: Date) {
    const requestId = await say(surfaceKey)
    const { id: threadId } = await open(surfaceKey)
    const operationId = newOperationId()
    await store().db.execute(sql`insert into quarterdeck.operations
      (id, request_id, thread_id, person_id, said, read_by, confidence, skill, skill_version, state, finished_at)
      values (${operationId}, ${requestId}, ${threadId}, 'mira', 'x', 'command', 1, 'deploy', 1,
        ${over ? 'succeeded' : 'waiting'}, ${over?.toISOString() ?? null}::timestamptz)`)
    await store().db.execute(sql`update quarterdeck.requests set operation_id = ${operationId} where id = ${requestId}`)
    await show(surfaceKey, { requestId, operationId })
    return { requestId, operationId }
  }

  const card = (surfaceKey: string) => deliveryByKey(store().db, `card ${surfaceKey}`)
  const thread = (surfaceKey: string) => threadByKey(store().db, 'teams', surfaceKey)
  const forget = () => forgetOld(store(), NOW)

  test('that nothing depends on go: what was said, its card and the thread', async () => {
    const [old, young] = [await say('old'), await say('young', YOUNG)]
    await show('old', { requestId: old })
    await show('young', { requestId: young, at: YOUNG })
    // Somebody spoke there long ago, and was told something lately.
    await say('told')
    await show('told', { at: YOUNG })
    await forget()
    expect([await requestById(store().db, old), await card('old'), await thread('old')]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(await requestById(store().db, young)).toBeDefined()
    expect([await card('young'), await thread('young')]).not.toContain(undefined)
    expect([await card('told'), await thread('told')]).not.toContain(undefined)
  })

  test('of an operation stay with it; its cards stay until it is long over and nobody has to hear of it', async () => {
    const over = await operate('over', OLD)
    const lately = await operate('lately', YOUNG)
    const running = await operate('running')
    const reviewed = await operate('reviewed', OLD)
    await store().db.execute(sql`insert into quarterdeck.outbox (kind, operation_id, due_at)
      values ('review', ${reviewed.operationId}, now() + interval '1 day')`)
    await forget()
    expect(await card('over')).toBeUndefined()
    for (const name of ['lately', 'running', 'reviewed']) expect(await card(name), name).toBeDefined()
    for (const { requestId } of [over, lately, running, reviewed])
      expect(await requestById(store().db, requestId)).toBeDefined()
    expect(await thread('over')).toBeDefined()
    const { rows } = await store().db.execute(sql`select id from quarterdeck.operations where id = ${over.operationId}`)
    expect(rows).toHaveLength(1)
  })

  test('in channels that heard of an operation go when its cards have gone, and not before', async () => {
    for (const [name, over] of [
      ['heard-over', OLD],
      ['heard-running', undefined],
    ] as const) {
      const { operationId } = await operate(`${name}-asked`, over)
      const { id } = await open(name)
      await store().db.execute(sql`insert into quarterdeck.audiences values (${operationId}, ${id})`)
      await show(name, { operationId })
    }
    await forget()
    expect([await card('heard-over'), await thread('heard-over')]).toEqual([undefined, undefined])
    expect([await card('heard-running'), await thread('heard-running')]).not.toContain(undefined)
  })

  test('are forgotten however many there are', async () => {
    const { id } = await open('many')
    await store().db.execute(sql`insert into quarterdeck.deliveries
      (id, surface, thread_id, key, card, created_at, updated_at)
      select 'dl-many-' || n, 'teams', ${id}, 'many ' || n, '{}', ${OLD.toISOString()}::timestamptz, ${OLD.toISOString()}::timestamptz
      from generate_series(1, 4500) as n`)
    await forget()
    const { rows } = await store().db.execute(sql`select id from quarterdeck.deliveries where thread_id = ${id}`)
    expect(rows).toEqual([])
    expect(await thread('many')).toBeUndefined()
  })

  test('in Teams: threads are forgotten as places, chats and channels are not; nobody is welcomed twice', async () => {
    const keep = (id: string, updatedAt = OLD) =>
      keepTeamsConversation(store().db, {
        ...{ id, tenantId: 't', kind: 'channel', accountId: null, reference: {}, updatedAt },
      })
    const ids = ['19:c;messageid=1', '19:c;messageid=2', '19:c;messageid=3', '19:c', 'a:mira'] as const
    for (const id of ids) await keep(id, id.endsWith('3') ? YOUNG : OLD)
    await show('19:c;messageid=2', { at: YOUNG })
    await show('19:c', { key: 'welcome:19:c' })
    await forget()
    const kept = []
    for (const id of ids) if (await teamsConversation(store().db, id)) kept.push(id)
    expect(kept).toEqual(['19:c;messageid=2', '19:c;messageid=3', '19:c', 'a:mira'])
    expect(await deliveryByKey(store().db, 'welcome:19:c')).toBeDefined()
  })
})
