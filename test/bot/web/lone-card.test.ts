import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Card } from '../../../core/card.ts'
import { UpstreamError } from '../../../core/errors.ts'
import { newRequestId } from '../../../core/ids.ts'
import { putDelivery } from '../../../db/deliveries.ts'
import { insertRequest } from '../../../db/requests.ts'
import { openThread } from '../../../db/threads.ts'
import { PEOPLE, startDesk } from '../../web/desk.ts'
import { SAMPLE_CARDS } from '../../web/sample-cards.ts'
import { Caller } from './caller.ts'

let desk: Awaited<ReturnType<typeof startDesk>>
let mira: Caller
let priya: Caller
beforeAll(async () => {
  desk = await startDesk()
  mira = await Caller.as(desk.address, 'mira')
  priya = await Caller.as(desk.address, 'priya')
})
afterAll(() => desk?.close())

const logs: Card = {
  ...SAMPLE_CARDS.plan,
  blocks: [
    { type: 'form', fields: [{ name: 'x', label: 'X', type: 'text', required: true }] },
    {
      type: 'code',
      text: 'the beginning',
      truncated: 9,
      file: { name: 'a.log', mediaType: 'text/plain', content: 'whole' },
    },
  ],
}
let shown = 0
const show = async (threadKey: string, only?: 'mira') => {
  shown += 1
  const person = only && PEOPLE[0].id
  const where = { key: `lone-${shown}`, threadKey, surface: 'teams' as const, ...(person && { only: person }) }
  return (await desk.show(logs, where)).id
}

test('a card of a channel is read by whoever reads it there, without its buttons, and its files with it', async () => {
  const id = await show('19:ops@thread.tacv2;messageid=1')
  const { status, body } = await priya.get(`/cards/${id}`)
  expect([status, body.surface, body.item.deliveryId, body.item.card.title]).toEqual([200, 'teams', id, logs.title])
  expect(body.item.card.actions).toBeUndefined()
  expect(body.item.card.blocks.map(({ type }: { type: string }) => type)).toEqual(['text', 'code'])
  expect((await priya.get(`/files/${id}/1`)).text).toBe('whole')
  // Its buttons are where it was shown.
  const click = await priya.post(`/cards/${id}/click`, { verb: 'cancel', key: 'click-on-a-card' })
  expect([click.status, desk.clicks]).toEqual([404, []])
})

test('a card of a channel that does not show it to them there is not shown to them here either', async () => {
  const asked: unknown[] = []
  desk.admits = async (surface, channel, { id }) => {
    asked.push([surface, channel, id])
    return id === 'mira'
  }
  const id = await show('19:secret@thread.tacv2;messageid=1')
  expect([(await mira.get(`/cards/${id}`)).status, (await mira.get(`/files/${id}/1`)).status]).toEqual([200, 200])
  expect([(await priya.get(`/cards/${id}`)).status, (await priya.get(`/files/${id}/1`)).status]).toEqual([404, 404])
  expect(asked).toContainEqual(['teams', '19:secret@thread.tacv2', 'priya'])
  desk.admits = () => Promise.reject(new UpstreamError('Teams does not answer.', { service: 'teams', retryable: true }))
  const unknown = await priya.get(`/cards/${id}`)
  expect([unknown.status, unknown.body.error]).toEqual([503, 'Teams does not answer.'])
  desk.admits = async () => true
})

test('what is for one person alone, or was said where they are alone with the bot, is theirs alone', async () => {
  const secret = await show('19:ops@thread.tacv2;messageid=1', 'mira')
  expect((await mira.get(`/cards/${secret}`)).status).toBe(200)
  const chat = await show('a:mira')
  for (const id of [secret, chat]) {
    expect((await priya.get(`/cards/${id}`)).status).toBe(404)
    expect((await priya.get(`/files/${id}/1`)).status).toBe(404)
  }
  expect((await mira.get('/cards/dl-000000000000')).status).toBe(404)
  expect((await new Caller(desk.address).get(`/cards/${secret}`)).status).toBe(401)
})

test('a request’s card in a chat of two is read by who asked', async () => {
  const now = new Date()
  const id = await desk.store.transaction(async (tx) => {
    const thread = await openThread(tx, { surface: 'teams', surfaceKey: 'a:chat', now })
    const asked = { id: newRequestId(), surface: 'teams' as const, threadId: thread.id, personId: PEOPLE[0].id }
    const { request } = await insertRequest(tx, { ...asked, text: 'logs', key: 'lone-asked', receivedAt: now })
    const card = {
      key: 'lone-answer',
      surface: 'teams' as const,
      threadId: thread.id,
      card: logs,
      requestId: request.id,
    }
    return (await putDelivery(tx, { ...card, now })).id
  })
  expect((await mira.get(`/cards/${id}`)).body.item.card.title).toBe(logs.title)
  expect((await priya.get(`/cards/${id}`)).status).toBe(404)
})
