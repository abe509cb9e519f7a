import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { sealOnce } from '../../../db/audit-chain/seal.ts'
import type { Database, Transaction } from '../../../db/store.ts'
import { describeOnStores } from '../../_harness/store.ts'
import { plansOf } from '../query-plans.ts'

const ROWS = 3_000
const LONG_AGO = 10
const LATE = ROWS - 10

describeOnStores('rows that committed late', (store) => {
  test('are looked for among those of the last hours, not among all that ever were', async () => {
    const { db } = store()
    await db.execute(sql`insert into quarterdeck.audit (id, at, actor, kind, says) overriding system value
      select n, now() - (${ROWS}::int - n) * interval '1 minute', 'sam', 'k', 'x' from generate_series(1, ${ROWS}::int) n`)
    await db.execute(sql`insert into quarterdeck.audit_seals (seq, audit_id, previous_hash, hash, sealed_at)
      select row_number() over (order by id), id, 'p', 'h', at from quarterdeck.audit where id not in (${LONG_AGO}, ${LATE})`)
    await db.execute(sql`analyze quarterdeck.audit, quarterdeck.audit_seals`)
    const looking = { thorough: true, thoroughWindow: 5 }
    expect(await sealOnce(store(), looking)).toBe(1)
    // A transaction's own handle is another one, on which plans cannot be asked for.
    const asked = (on: Database) => sealOnce({ transaction: (work) => work(on as Transaction) }, looking)
    expect(await plansOf(db, asked, 'analyze')).not.toMatch(/Seq Scan on audit\s/)
  })
})
