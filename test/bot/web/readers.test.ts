import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import type { WebDeps } from '../../../bot/web/deps.ts'
import { mayRead } from '../../../bot/web/readers.ts'
import { newOperationId, newRequestId, type OperationId, type PersonId, type RequestId } from '../../../core/ids.ts'
import type { Grant, Person } from '../../../core/person.ts'
import { deliveryById, putDelivery } from '../../../db/deliveries.ts'
import { insertRequest } from '../../../db/requests.ts'
import { openThread } from '../../../db/threads.ts'
import { useStore } from '../../_harness/store.ts'

const store = useStore()
const now = new Date()
const CHANNEL = 'T1:C2'

const person = (name: string, ...roles: Grant['role'][]): Person => ({
  ...{ id: name as PersonId, name, timezone: 'UTC', active: true, accounts: [] },
  grants: roles.map((role) => ({ role, environments: ['*'], teams: ['*'] })),
})
const EVERYBODY = [
  person('asker', 'operator'),
  person('asked', 'approver'),
  person('member', 'viewer'),
  person('glass', 'breakglass'),
  person('admin', 'admin'),
  person('stranger', 'operator', 'approver', 'viewer'),
]

async function readersOf(name: string, ids: { requestId?: RequestId; operationId?: OperationId }, channel = CHANNEL) {
  const { id } = await store().transaction(async (tx) => {
    const thread = await openThread(tx, { surface: 'slack', surfaceKey: `${channel}:${name}`, now })
    const card = { kind: 'answer', tone: 'neutral', title: name, blocks: [] } as const
    return putDelivery(tx, { key: `readers-${name}`, surface: 'slack', threadId: thread.id, card, now, ...ids })
  })
  const row = await deliveryById(store().db, id)
  if (!row) throw new Error('the card was not stored')
  // Of what the page works with only the store is looked at, and the service is asked.
  const deps = { store: store(), admits: async (_: string, __: string, { id }: Person) => id === 'member' }
  const readers: string[] = []
  for (const one of EVERYBODY) if (await mayRead(deps as unknown as WebDeps, row, channel, one)) readers.push(one.name)
  return readers
}

async function request(name: string) {
  const { id: threadId } = await openThread(store().db, { surface: 'slack', surfaceKey: `${CHANNEL}:${name}`, now })
  const said = { surface: 'slack' as const, threadId, personId: 'asker' as PersonId, text: 'x', key: name }
  return (await insertRequest(store().db, { id: newRequestId(), ...said, receivedAt: now })).request.id
}

async function operation(state: 'awaiting_approval' | 'succeeded') {
  const id = newOperationId()
  const gate = JSON.stringify({
    requirements: [{ rule: 'r', count: 1, role: 'approver', have: 0, eligible: ['asked'] }],
  })
  await store().db.execute(sql`insert into quarterdeck.operations
    (id, request_id, thread_id, person_id, said, read_by, confidence, skill, skill_version, state, gate, plan)
    values (${id}, 'rq-x', 'th-x', 'asker', 'x', 'command', 1, 'deploy', 1, ${state}, ${gate}::jsonb, '{}')`)
  return id
}

test('an answer in a channel is read by its members, who asked, and admins', async () => {
  expect(await readersOf('answer', { requestId: await request('answer') })).toEqual(['asker', 'member', 'admin'])
  expect(await readersOf('digest', {})).toEqual(['member', 'admin'])
})

test('a change is read by who is asked to decide on it as well, and by who may break the glass while somebody is asked', async () => {
  const waiting = { operationId: await operation('awaiting_approval') }
  expect(await readersOf('waiting', waiting)).toEqual(['asker', 'asked', 'member', 'glass', 'admin'])
  const done = { operationId: await operation('succeeded') }
  expect(await readersOf('done', done)).toEqual(['asker', 'asked', 'member', 'admin'])
})

test('where somebody is alone with the bot it is theirs', async () => {
  const direct = 'T1:D2'
  expect(await readersOf('direct', { requestId: await request('direct') }, direct)).toEqual(['asker'])
})
