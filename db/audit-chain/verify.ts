import { asc, count, eq, gt, isNull, type SQL } from 'drizzle-orm'
import type { AuditRow } from '../audit.ts'
import { audit } from '../schema/audit.ts'
import { auditSeals } from '../schema/audit-seals.ts'
import type { Store } from '../store.ts'
import { type Head, readHeads } from './heads.ts'
import { GENESIS, rowHash } from './row-hash.ts'

export interface AuditVerdict {
  readonly ok: boolean
  /** The last seal up to which the chain fits together. */
  readonly checkedTo: number
  /**
   * The last seal that is an exported head and everything before it fits: up to here everything is as it was written. A bad row lies after
   * it and not after `firstBad`; which one, a forger who recomputed seals in between has hidden.
   */
  readonly provenTo: number
  /** The last seal known outside the database: the proof reaches to here; what is after it could have been rewritten as a whole. */
  readonly exportedTo: number
  /** Rows written but not in the chain yet: those of the last second, while the program runs. */
  readonly unsealed: number
  readonly restores: readonly Head[]
  readonly firstBad?: BadRow
}

interface BadRow {
  readonly seq: number
  readonly auditId: number | undefined
  readonly why: string
}

type Seal = typeof auditSeals.$inferSelect

const PAGE = 2_000
/**
 * A row may commit after rows with higher ids, but not by longer than any transaction of ours lives: 10 minutes. The clocks of two who
 * write may be wrong by as much, each to its side.
 */
const LATEST_MS = 3 * 10 * 60_000

/**
 * Walks the chain and compares it with the exported heads. Finds a row that was edited, deleted, slipped in or swapped, a tail that was
 * cut off, and a chain that was recomputed after a head was exported; names the first bad one.
 */
export async function verifyAudit(store: Store, headsFile: string): Promise<AuditVerdict> {
  const { heads, restores } = liveHeads(await readHeads(headsFile))
  const exportedTo = Math.max(0, ...heads.keys())
  const walk = new ChainWalk(heads)
  let firstBad: BadRow | undefined
  let after: SQL | undefined
  while (!firstBad) {
    const page = await store.db
      .select({ seal: auditSeals, row: audit })
      .from(auditSeals)
      .leftJoin(audit, eq(audit.id, auditSeals.auditId))
      .where(after)
      .orderBy(asc(auditSeals.seq))
      .limit(PAGE)
    if (page.length === 0) break
    for (const { seal, row } of page) {
      firstBad = walk.step(seal, row)
      if (firstBad) break
    }
    after = gt(auditSeals.seq, walk.seq)
  }
  firstBad ??= cutTail(walk.seq, exportedTo)
  const { unsealed, slipped } = await unsealedRows(store, walk)
  firstBad ??= slipped
  return { ok: !firstBad, checkedTo: walk.seq, provenTo: walk.provenTo, exportedTo, unsealed, restores, firstBad }
}

/** Heads by seq. A restore undoes the heads after it that were exported before it. */
function liveHeads(all: readonly Head[]): { heads: Map<number, string>; restores: Head[] } {
  const heads = new Map<number, string>()
  const restores: Head[] = []
  for (const head of all) {
    if (head.restoredFrom !== undefined) {
      restores.push(head)
      for (const seq of heads.keys()) if (seq > head.seq) heads.delete(seq)
    }
    if (head.seq > 0) heads.set(head.seq, head.hash)
  }
  return { heads, restores }
}

class ChainWalk {
  seq = 0
  provenTo = 0
  newestId = 0
  newestAt = 0
  private hash = GENESIS
  private readonly heads: ReadonlyMap<number, string>

  constructor(heads: ReadonlyMap<number, string>) {
    this.heads = heads
  }

  /** Moves on over a good row; returns what is wrong with a bad one. */
  step(seal: Seal, row: AuditRow | null): BadRow | undefined {
    const expected = this.seq + 1
    const bad = (why: string) => ({ seq: expected, auditId: seal.auditId, why })
    if (seal.seq < expected) return bad('a seal was slipped in before the first')
    if (seal.seq !== expected) return { ...bad(`seal ${expected} was deleted`), auditId: undefined }
    if (!row) return bad('the row was deleted')
    if (seal.previousHash !== this.hash)
      return bad('the chain is broken here: a seal was changed, swapped or slipped in')
    if (rowHash(this.hash, seal.seq, seal.sealedAt, row) !== seal.hash)
      return bad('the row or its seal is not what was sealed: it was edited or swapped')
    const exported = this.heads.get(seal.seq)
    if (exported !== undefined && exported !== seal.hash)
      return bad('the chain was recomputed: this seal differs from the one that was exported')
    if (this.slipped(row)) return bad(SLIPPED)
    this.seq = seal.seq
    if (exported !== undefined) this.provenTo = seal.seq
    this.hash = seal.hash
    this.newestId = Math.max(this.newestId, row.id)
    this.newestAt = Math.max(this.newestAt, row.at.getTime())
    return undefined
  }

  slipped(row: Pick<AuditRow, 'id' | 'at'>): boolean {
    return row.id < this.newestId && row.at.getTime() < this.newestAt - LATEST_MS
  }
}

const SLIPPED = 'the row was slipped in: it is dated long before rows that were written before it'

function cutTail(seq: number, exportedTo: number): BadRow | undefined {
  if (seq >= exportedTo) return undefined
  return { seq: seq + 1, auditId: undefined, why: `the end was cut off: seals up to ${exportedTo} had been exported` }
}

async function unsealedRows(store: Store, walk: ChainWalk): Promise<{ unsealed: number; slipped?: BadRow }> {
  const unsealed = isNull(auditSeals.seq)
  const [total] = await store.db
    .select({ rows: count() })
    .from(audit)
    .leftJoin(auditSeals, eq(auditSeals.auditId, audit.id))
    .where(unsealed)
  const oldest = await store.db
    .select({ id: audit.id, at: audit.at })
    .from(audit)
    .leftJoin(auditSeals, eq(auditSeals.auditId, audit.id))
    .where(unsealed)
    .orderBy(asc(audit.id))
    .limit(PAGE)
  const slipped = oldest.find((row) => walk.slipped(row))
  return {
    unsealed: total?.rows ?? 0,
    slipped: slipped && { seq: walk.seq + 1, auditId: slipped.id, why: SLIPPED },
  }
}
