import { rm } from 'node:fs/promises'
import { sql } from 'drizzle-orm'
import { appendAudit } from '../../../db/audit.ts'
import { exportHead, readHeads } from '../../../db/audit-chain/heads.ts'
import { sealOnce } from '../../../db/audit-chain/seal.ts'
import { audit } from '../../../db/schema/audit.ts'
import { auditSeals } from '../../../db/schema/audit-seals.ts'
import type { Store, Transaction } from '../../../db/store.ts'
import type { Random } from '../frame/random.ts'

export type Row = typeof audit.$inferSelect
export type Seal = typeof auditSeals.$inferSelect

/** The log and its chain as they lie in the database, and how far the chain is known outside it. */
export interface World {
  readonly rows: readonly Row[]
  readonly seals: readonly Seal[]
  /** The seals that were exported, ascending. */
  readonly heads: readonly number[]
}

const START_MS = Date.UTC(2026, 10, 20, 12)
const MINUTE_MS = 60_000

/** An honest history: rows sealed in several rounds, heads exported after some of them, a few rows after the last. Replaces what is there. */
export async function liveHonestly(store: Store, headsFile: string, random: Random): Promise<World> {
  await rm(headsFile, { force: true })
  await asOwner(store, async (tx) => {
    await tx.execute(sql`truncate quarterdeck.audit_seals, quarterdeck.audit restart identity`)
  })
  const rounds = 2 + random.below(4)
  let minute = 0
  for (let round = 0; round < rounds; round++) {
    minute += 5 + random.below(30)
    await writeRows(store, random, 2 + random.below(9), minute)
    await sealOnce(store, { now: at(minute + 1), thorough: true })
    if (round === 0 || random.below(2) === 0) await exportHead(store, headsFile, at(minute + 2))
  }
  // Of the last second: not in the chain yet.
  await writeRows(store, random, random.below(3), minute + 3)
  return readWorld(store, headsFile)
}

/** The program goes on after the tampering: more rows, sealed, and the head exported. */
export async function liveOn(store: Store, headsFile: string, random: Random): Promise<void> {
  await writeRows(store, random, 1 + random.below(12), 400)
  await sealOnce(store, { now: at(401), thorough: true })
  await exportHead(store, headsFile, at(402))
}

export async function readWorld(store: Store, headsFile: string): Promise<World> {
  const rows = await store.db.select().from(audit).orderBy(audit.id)
  const seals = await store.db.select().from(auditSeals).orderBy(auditSeals.seq)
  const heads = (await readHeads(headsFile)).map(({ seq }) => seq)
  return { rows, seals, heads }
}

/** What somebody with the keys to the database can bring about: the triggers off, the tables as they like, the triggers on again. */
export async function overwrite(store: Store, { rows, seals }: Pick<World, 'rows' | 'seals'>): Promise<void> {
  await asOwner(store, async (tx) => {
    await tx.delete(auditSeals)
    await tx.delete(audit)
    if (rows.length > 0)
      await tx
        .insert(audit)
        .overridingSystemValue()
        .values([...rows])
    if (seals.length > 0) await tx.insert(auditSeals).values([...seals])
    // Behind the forged ids, or the program would stumble over them and tell.
    await tx.execute(sql`
      select setval('quarterdeck.audit_id_seq', greatest((select last_value from quarterdeck.audit_id_seq), max(id)))
      from quarterdeck.audit having max(id) is not null`)
  })
}

async function asOwner(store: Store, work: (tx: Transaction) => Promise<void>): Promise<void> {
  const triggers = async (tx: Transaction, which: 'enable' | 'disable') => {
    for (const table of ['audit', 'audit_seals'])
      await tx.execute(sql.raw(`alter table quarterdeck.${table} ${which} trigger user`))
  }
  await store.transaction(async (tx) => {
    await triggers(tx, 'disable')
    await work(tx)
    await triggers(tx, 'enable')
  })
}

async function writeRows(store: Store, random: Random, count: number, minute: number): Promise<void> {
  await store.transaction(async (tx) => {
    for (let index = 0; index < count; index++) {
      // A transaction that came to nothing leaves a hole in the ids.
      if (random.below(4) === 0) await tx.execute(sql`select nextval('quarterdeck.audit_id_seq')`)
      await appendAudit(tx, [
        {
          actor: random.pick(['mira', 'sam', 'system']),
          kind: random.pick(['operation.approved', 'operation.planned', 'store.restored']),
          says: `Row ${random.below(1_000_000)}: “ünïcode”\u2028 and\nlines.`,
          data: { index, share: random.below(1000) / 1000, list: [null, true, '7', { b: random.below(9), a: 'x' }] },
          at: at(minute + index / 20),
        },
      ])
    }
  })
}

const at = (minute: number) => new Date(START_MS + minute * MINUTE_MS)
