import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { appendAudit } from '../../../db/audit.ts'
import { exportHead, noteRestore, readHeads } from '../../../db/audit-chain/heads.ts'
import { rowHash } from '../../../db/audit-chain/row-hash.ts'
import { sealOnce } from '../../../db/audit-chain/seal.ts'
import { verifyAudit } from '../../../db/audit-chain/verify.ts'
import { audit } from '../../../db/schema/audit.ts'
import { auditSeals } from '../../../db/schema/audit-seals.ts'
import { describeOnStores } from '../../_harness/store.ts'

const START = new Date('2026-11-20T12:00:00Z')
const at = (minutes: number) => new Date(START.getTime() + minutes * 60_000)

describeOnStores('the audit chain', (store) => {
  let heads: string

  const write = (count: number, from = 0) =>
    store().transaction((tx) =>
      appendAudit(
        tx,
        Array.from({ length: count }, (_, index) => ({
          actor: 'mira',
          kind: 'operation.approved',
          says: `Row ${from + index} "with" ünïcode \u2028 and\nlines.`,
          data: { index, share: 0.1 + index, list: [null, true, '123', { b: 1, a: 2 }] },
          at: at(index),
        })),
      ),
    )
  /** What somebody with the keys to the database can do: switch the triggers off, and write what they like. */
  const tamper = (...statements: string[]) =>
    store().transaction(async (tx) => {
      await tx.execute(sql`alter table quarterdeck.audit disable trigger user`)
      await tx.execute(sql`alter table quarterdeck.audit_seals disable trigger user`)
      for (const statement of statements) await tx.execute(sql.raw(statement))
      await tx.execute(sql`alter table quarterdeck.audit enable trigger user`)
      await tx.execute(sql`alter table quarterdeck.audit_seals enable trigger user`)
    })
  const verdict = () => verifyAudit(store(), heads)
  /** Seals everything again from the first row on, as a thorough forger would. */
  const reseal = async () => {
    await tamper('delete from quarterdeck.audit_seals')
    await sealOnce(store(), { now: at(60), thorough: true })
  }

  beforeEach(async () => {
    heads = join(await mkdtemp(join(tmpdir(), 'quarterdeck-heads-')), 'audit-heads.jsonl')
    await tamper('truncate quarterdeck.audit restart identity', 'truncate quarterdeck.audit_seals')
    await write(10)
    expect(await sealOnce(store(), { now: at(11) })).toBe(10)
    await exportHead(store(), heads)
  })

  afterEach(() => rm(dirname(heads), { recursive: true, force: true }))

  test('an untouched chain holds, grows, and says what is not sealed yet', async () => {
    expect(await verdict()).toMatchObject({ ok: true, checkedTo: 10, exportedTo: 10, unsealed: 0 })
    await write(3, 10)
    expect(await verdict()).toMatchObject({ ok: true, checkedTo: 10, unsealed: 3 })
    expect(await sealOnce(store())).toBe(3)
    expect(await sealOnce(store())).toBe(0)
    expect(await exportHead(store(), heads)).toBe(true)
    expect(await exportHead(store(), heads)).toBe(false)
    expect(await verdict()).toMatchObject({ ok: true, checkedTo: 13, exportedTo: 13, unsealed: 0 })
  })

  test('several sealers at once make one chain', async () => {
    await write(50, 10)
    const sealed = await Promise.all([sealOnce(store()), sealOnce(store()), sealOnce(store())])
    expect(sealed.reduce((sum, count) => sum + count)).toBe(50)
    expect(await verdict()).toMatchObject({ ok: true, checkedTo: 60 })
  })

  test('an honest program cannot change or drop a row', async () => {
    for (const statement of [
      'update quarterdeck.audit set says = says',
      'delete from quarterdeck.audit where id = 1',
      'truncate quarterdeck.audit_seals',
    ])
      await expect(store().db.execute(sql.raw(statement))).rejects.toThrow(/insert-only/)
  })

  test.each([
    [
      'an edited sentence',
      `update quarterdeck.audit set says = 'nothing happened' where id = 4`,
      4,
      /edited or swapped/,
    ],
    [
      'an edited number deep inside',
      `update quarterdeck.audit set data = jsonb_set(data, '{list,3,a}', '3') where id = 9`,
      9,
      /edited/,
    ],
    ['another actor', `update quarterdeck.audit set actor = 'jonas' where id = 1`, 1, /edited/],
    ['another time', `update quarterdeck.audit set at = at + interval '1 millisecond' where id = 10`, 10, /edited/],
    ['a deleted row', `delete from quarterdeck.audit where id = 5`, 5, /the row was deleted/],
    [
      'a deleted row with its seal',
      `delete from quarterdeck.audit where id = 5; delete from quarterdeck.audit_seals where audit_id = 5`,
      5,
      /seal 5 was deleted/,
    ],
    [
      'two rows swapped',
      `update quarterdeck.audit a set says = b.says, data = b.data from quarterdeck.audit b where (a.id, b.id) in ((3, 6), (6, 3))`,
      3,
      /edited or swapped/,
    ],
    [
      'two seals swapped',
      `update quarterdeck.audit_seals set audit_id = audit_id + 100 where seq in (2, 7);
      update quarterdeck.audit_seals set audit_id = case seq when 2 then 7 else 2 end where seq in (2, 7)`,
      2,
      /edited or swapped/,
    ],
    [
      'a changed seal time',
      `update quarterdeck.audit_seals set sealed_at = sealed_at - interval '1 day' where seq = 8`,
      8,
      /edited/,
    ],
    [
      'a cut tail',
      `delete from quarterdeck.audit where id > 7; delete from quarterdeck.audit_seals where seq > 7`,
      8,
      /the end was cut off: seals up to 10/,
    ],
    ['an emptied log', `delete from quarterdeck.audit; delete from quarterdeck.audit_seals`, 1, /the end was cut off/],
  ])('%s is found', async (_what, statements, seq, why) => {
    await tamper(...statements.split(';'))
    const found = await verdict()
    expect(found).toMatchObject({ ok: false, checkedTo: seq - 1, firstBad: { seq } })
    expect(found.firstBad?.why).toMatch(why)
  })

  test('a chain that was edited and recomputed to its end is found by the exported head', async () => {
    await write(5, 10)
    await sealOnce(store())
    await exportHead(store(), heads)
    await tamper(`update quarterdeck.audit set says = 'all was well' where id = 12`)
    await reseal()
    expect(await verdict()).toMatchObject({
      ok: false,
      checkedTo: 9,
      // Rows 1 to 9 fit together, but so they would if they had been recomputed: no head of them was exported.
      provenTo: 0,
      firstBad: { seq: 10, why: expect.stringMatching(/recomputed/) },
    })
    // Without the exported heads this forgery is perfect: that is what they are for.
    expect(await verifyAudit(store(), `${heads}.none`)).toMatchObject({ ok: true, exportedTo: 0 })
  })

  test('a row slipped in between, with a seal computed for it, breaks the chain', async () => {
    const [seal] = await store().db.select().from(auditSeals).where(sql`seq = 10`)
    const [row] = await store().db.select().from(audit).where(sql`id = 10`)
    if (!seal || !row) throw new Error('not there')
    const forged = { ...row, id: 99, says: 'Jonas approved.' }
    const hash = rowHash(seal.previousHash, 10, seal.sealedAt, forged)
    await tamper(
      `insert into quarterdeck.audit overriding system value select 99, at, actor, kind, operation_id, request_id, 'Jonas approved.', data from quarterdeck.audit where id = 10`,
      `update quarterdeck.audit_seals set seq = 11, previous_hash = '${hash}' where seq = 10`,
      `insert into quarterdeck.audit_seals values (10, 99, '${seal.previousHash}', '${hash}', '${seal.sealedAt.toISOString()}')`,
    )
    expect(await verdict()).toMatchObject({ ok: false, firstBad: { seq: 10, auditId: 99 } })
  })

  test('a row with a seal from before the first is found', async () => {
    await tamper(
      `insert into quarterdeck.audit (id, at, actor, kind, says) overriding system value values (99, '${at(-60).toISOString()}', 'jonas', 'operation.approved', 'Jonas approved.')`,
      `insert into quarterdeck.audit_seals values (-3, 99, '0', 'f', '${at(-60).toISOString()}')`,
    )
    expect(await verdict()).toMatchObject({ ok: false, provenTo: 0, firstBad: { seq: 1, auditId: 99 } })
  })

  test('what is called proven ends at an exported head, what only fits together is said apart', async () => {
    await write(6, 10)
    await sealOnce(store(), { now: at(20) })
    await exportHead(store(), heads)
    expect(await verdict()).toMatchObject({ ok: true, provenTo: 16 })
    await tamper(`update quarterdeck.audit set says = 'all was well' where id = 14`)
    expect(await verdict()).toMatchObject({
      ok: false,
      provenTo: 10,
      checkedTo: 13,
      firstBad: { seq: 14, auditId: 14 },
    })
  })

  test('a row dated back into the past is found, whether it is sealed already or not', async () => {
    await tamper(`delete from quarterdeck.audit where id = 2`, `delete from quarterdeck.audit_seals`)
    await sealOnce(store(), { thorough: true, now: at(12) })
    const honest = join(heads, '..', 'other.jsonl')
    await exportHead(store(), honest)
    await write(5, 10)
    await sealOnce(store(), { now: at(40) })
    await tamper(
      `insert into quarterdeck.audit (id, at, actor, kind, says) overriding system value values (2, '${at(-60).toISOString()}', 'jonas', 'operation.approved', 'Jonas approved.')`,
    )
    expect(await verifyAudit(store(), honest)).toMatchObject({ ok: false, unsealed: 1, firstBad: { auditId: 2 } })
    await sealOnce(store(), { thorough: true })
    expect(await verifyAudit(store(), honest)).toMatchObject({
      ok: false,
      firstBad: { auditId: 2, why: expect.stringMatching(/slipped in/) },
    })
  })

  test('rows that commit out of order are sealed where they were met, though the clocks of who wrote them are 20 minutes apart', async () => {
    await tamper(
      `insert into quarterdeck.audit (id, at, actor, kind, says) overriding system value values (50, '${at(30).toISOString()}', 'sam', 'late', 'Late.')`,
    )
    await sealOnce(store())
    await tamper(
      `insert into quarterdeck.audit (id, at, actor, kind, says) overriding system value values (49, '${at(10).toISOString()}', 'sam', 'late', 'Later.')`,
    )
    expect(await sealOnce(store())).toBe(1)
    expect(await verdict()).toMatchObject({ ok: true, checkedTo: 12, unsealed: 0 })
  })

  test('a restore that was noted is told apart from a cut', async () => {
    await tamper('delete from quarterdeck.audit where id > 6', 'delete from quarterdeck.audit_seals where seq > 6')
    expect(await verdict()).toMatchObject({ ok: false })
    await noteRestore(store(), heads, 'snapshots/one.tar.gz')
    await write(6, 6)
    await sealOnce(store())
    await exportHead(store(), heads)
    expect(await verdict()).toMatchObject({
      ok: true,
      checkedTo: 12,
      exportedTo: 12,
      restores: [{ seq: 6, restoredFrom: 'snapshots/one.tar.gz' }],
    })
  })

  test('a heads file that a crash cut off in the middle of a line is read on', async () => {
    await appendFile(heads, '{"seq": 11, "ha')
    await write(2, 10)
    await sealOnce(store())
    await exportHead(store(), heads)
    expect((await readHeads(heads)).map(({ seq }) => seq)).toEqual([10, 12])
    await writeFile(heads, '')
    expect(await verdict()).toMatchObject({ ok: true, exportedTo: 0 })
  })
})
