import { expect, test } from 'vitest'
import type { OperationId, PersonId, RequestId } from '../../core/ids.ts'
import type { Lock, OperationDetail } from '../../core/ports/desk.ts'
import cancel from '../../skills/cancel.ts'
import delegate from '../../skills/delegate.ts'
import explain from '../../skills/explain.ts'
import link from '../../skills/link.ts'
import lock from '../../skills/lock.ts'
import settle from '../../skills/settle.ts'
import undo from '../../skills/undo.ts'
import unlock from '../../skills/unlock.ts'
import whoami from '../../skills/whoami.ts'
import { fakeReadContext, fakeWorld } from './fake-context.ts'

const place = { service: 'checkout', environment: 'staging' }
const jonas: Lock = {
  ...place,
  by: { id: 'jonas' as PersonId, name: 'Jonas' }, // a test's own id
  reason: 'load test',
  since: new Date('2026-06-01T10:00:00Z'),
}

function finished(state: OperationDetail['state']): OperationDetail {
  return {
    id: 'op-7f3k9m2q' as OperationId, // a test's own id
    requestId: 'rq-7f3k9m2q0000' as RequestId, // a test's own id
    state,
    skill: 'scale',
    summary: 'Scale checkout in staging from 4 to 6',
    requestedBy: { id: 'mira' as PersonId, name: 'Mira' },
    requestedAt: new Date(),
    said: 'scale checkout to 6 in staging',
    plan: {
      skill: 'scale',
      skillVersion: 1,
      input: { ...place, replicas: 6 },
      risk: 'write',
      targets: [place],
      summary: 'Scale checkout in staging from 4 to 6',
      changes: [],
      preconditions: [],
      undo: { skill: 'scale', input: { ...place, replicas: 4 }, says: 'Scale back to 4' },
      steps: [],
      evidence: [],
      warnings: [],
    },
    steps: [],
    approvals: [],
    audit: [],
  }
}

test("somebody else's lock cannot be taken, and only an admin opens it", async () => {
  const world = { ...fakeWorld(), locks: [jonas] }
  await expect(lock.preview(place, fakeReadContext(world))).rejects.toThrow(/already locked by Jonas \(load test\)/)
  await expect(unlock.preview(place, fakeReadContext(world))).rejects.toThrow(/Only they or an admin/)
  world.person = { ...world.person, grants: [{ role: 'admin', environments: ['production'], teams: ['*'] }] }
  await expect(unlock.preview(place, fakeReadContext(world))).rejects.toThrow(/Only they or an admin/)
  world.person = { ...world.person, grants: [{ role: 'admin', environments: ['*'], teams: ['*'] }] }
  expect((await unlock.preview(place, fakeReadContext(world))).summary).toBe('Unlock checkout in staging')
})

test('a lock plan says how long, never until when, so that checking it again later gives the same plan', async () => {
  const plan = await lock.preview({ ...place, for: '2h' }, fakeReadContext(fakeWorld()))
  expect(plan.changes[0]?.to).toBe('held by Mira for 2 h')
})

test('cancelling what has ended says so instead of running', async () => {
  const world = { ...fakeWorld(), operation: finished('succeeded') }
  const plan = await cancel.preview({ operation: 'OP-7F3K9M2Q' }, fakeReadContext(world))
  expect(plan.alreadySo).toBe('op-7f3k9m2q already ended: done.')
})

test('undo becomes the plan of the skill that takes the change back', async () => {
  const world = { ...fakeWorld(), operation: finished('succeeded') }
  const asked: unknown[] = []
  const ctx = fakeReadContext(world, async (skill, input) => {
    asked.push([skill, input])
    return { skill, input, targets: [], summary: '', changes: [], undo: { impossible: '' }, steps: [] }
  })
  expect((await undo.preview({ operation: 'op-7f3k9m2q' }, ctx)).skill).toBe('scale')
  expect(asked).toEqual([['scale', { ...place, replicas: 4 }]])
})

test('what is not over has nothing to undo; what needs no person cannot be settled', async () => {
  const world = { ...fakeWorld(), operation: finished('running') }
  await expect(undo.preview({ operation: 'op-7f3k9m2q' }, fakeReadContext(world))).rejects.toThrow('nothing to undo')
  await expect(settle.preview({ operation: 'op-7f3k9m2q', outcome: 'failed' }, fakeReadContext(world))).rejects.toThrow(
    'only an operation that needs a person',
  )
})

test('an id that is none, and one that does not exist, are told apart', async () => {
  const ctx = fakeReadContext(fakeWorld())
  await expect(cancel.preview({ operation: 'the deploy' }, ctx)).rejects.toThrow('is not an operation id')
  await expect(cancel.preview({ operation: 'op-00000000' }, ctx)).rejects.toThrow('There is no operation op-00000000')
})

test('nobody delegates to themselves, into the past, or for ever', async () => {
  const ctx = fakeReadContext(fakeWorld())
  await expect(delegate.preview({ person: 'mira', until: '2026-06-02T00:00:00Z' }, ctx)).rejects.toThrow(
    'cannot delegate to yourself',
  )
  const world = fakeWorld()
  const other = { ...world.person, id: 'sam' as PersonId, name: 'Sam' } // a test's own id
  const people = { ...ctx, desk: { ...ctx.desk, people: async () => [world.person, other] } }
  await expect(delegate.preview({ person: 'Sam', until: '2026-05-02T00:00:00Z' }, people)).rejects.toThrow(
    'already passed',
  )
  await expect(delegate.preview({ person: 'Sam', until: '2027-05-02T00:00:00Z' }, people)).rejects.toThrow(
    '90 days at most',
  )
  expect((await delegate.preview({ person: 'sam', until: '2026-06-02T00:00:00Z' }, people)).summary).toBe(
    'Sam may approve in place of Mira',
  )
})

test('a new deputy takes the place of another, and the plan says so and until when', async () => {
  const world = fakeWorld()
  const ctx = fakeReadContext(world)
  const other = (id: string, name: string) => ({ ...world.person, id: id as PersonId, name }) // a test's own ids
  const current = { from: 'mira' as PersonId, to: 'jonas' as PersonId, until: new Date('2026-06-03T16:00:00Z') }
  const desk = {
    ...ctx.desk,
    people: async () => [world.person, other('sam', 'Sam'), other('jonas', 'Jonas')],
    delegations: async () => [current],
  }
  const plan = await delegate.preview({ person: 'sam', until: '2026-06-05T18:00:00+02:00' }, { ...ctx, desk })
  expect(plan.changes).toEqual([
    { target: 'Mira', field: 'deputy', from: 'Jonas until 2026-06-03 16:00 UTC', to: 'Sam until 2026-06-05 16:00 UTC' },
  ])
  expect(plan.warnings).toEqual(['Jonas may then no longer approve in place of Mira.'])
  expect(JSON.stringify(plan.evidence)).toContain('"show":"clock"')
  const me = JSON.stringify(await whoami.run({}, { ...ctx, desk }))
  expect(me).toContain('Jonas until')
  expect(me).toContain('"show":"clock"')
})

test('a lock says why, and until when in the reader’s zone', async () => {
  const ctx = fakeReadContext(fakeWorld())
  const plan = await lock.preview(
    { service: 'checkout', environment: 'staging', reason: 'the migration', for: '2h' },
    ctx,
  )
  expect(plan.evidence).toEqual([
    {
      type: 'facts',
      facts: [
        { label: 'Reason', value: 'the migration' },
        { label: 'Until', value: [{ time: new Date(ctx.now().getTime() + 7_200_000).toISOString(), show: 'clock' }] },
      ],
    },
  ])
})

test('a story does not repeat in each line what it is about', async () => {
  const ctx = fakeReadContext(fakeWorld())
  const told = finished('succeeded')
  const audit = [
    `${told.summary}: waiting for approval.`,
    `Sam broke the glass for ${told.summary} (customers cannot pay). It may run now.`,
    `${told.summary}. checkout in staging runs 6 replicas.`,
  ].map((says) => ({ at: new Date(), actor: 'Sam', says }))
  const desk = { ...ctx.desk, operation: async () => ({ ...told, audit }), trail: async () => undefined }
  const card = await explain.run({ id: told.id }, { ...ctx, desk })
  expect(JSON.stringify(card)).not.toContain('reviewed')
  const unreviewed = { ...desk, operation: async () => ({ ...told, audit, toReview: true as const }) }
  expect(JSON.stringify(await explain.run({ id: told.id }, { ...ctx, desk: unreviewed }))).toContain(
    'nobody has reviewed that yet',
  )
  const table = card.blocks.find(({ type }) => type === 'table')
  expect(table?.type === 'table' && table.rows.map((row) => row[2])).toEqual([
    'Waiting for approval.',
    'Sam broke the glass for it (customers cannot pay). It may run now.',
    'checkout in staging runs 6 replicas.',
  ])
})

test('an account that is somebody else’s cannot be linked', async () => {
  const world = fakeWorld()
  const ctx = fakeReadContext(world)
  const holder = {
    ...world.person,
    id: 'jonas' as PersonId,
    name: 'Jonas',
    accounts: [{ surface: 'slack', id: 'U1' }] as const,
  } // a test's own id
  const taken = { ...ctx, desk: { ...ctx.desk, people: async () => [world.person, holder] } }
  await expect(link.preview({ account: 'slack:U1' }, taken)).rejects.toThrow('already linked to Jonas')
  await expect(link.preview({ account: 'myspace:tom' }, taken)).rejects.toThrow('is not an account')
})

test('approvals go to the very person whose id was said, never to another of that name', async () => {
  const world = fakeWorld()
  const ctx = fakeReadContext(world)
  const other = (id: string, name: string) => ({ ...world.person, id: id as PersonId, name }) // a test's own ids
  const everybody = [world.person, other('samuel', 'Sam'), other('sam', 'Sam Lee'), other('sam-2', 'Sam Lee')]
  const among = { ...ctx, desk: { ...ctx.desk, people: async () => everybody } }
  const until = '2026-06-05T18:00:00+02:00'
  expect((await delegate.preview({ person: 'sam', until }, among)).input).toMatchObject({ person: 'sam' })
  await expect(delegate.preview({ person: 'Sam Lee', until }, among)).rejects.toThrow(
    'More than one person is called "Sam Lee": sam, sam-2. Say which by the id.',
  )
})
