import type { OperationId, RequestId } from '../../../core/ids.ts'
import { GENESIS, rowHash } from '../../../db/audit-chain/row-hash.ts'
import type { Random } from '../frame/random.ts'
import type { Row, Seal } from './world.ts'

/** The tables in a forger's hands: changed in place. */
export interface Desk {
  rows: Row[]
  seals: Seal[]
}

export interface Tampering {
  readonly what: string
  /** It made a hash of its own: then the rows that follow may fit, up to the next exported head. */
  readonly recomputed: boolean
  /** It put a row where nothing that was written is touched; it has to be found all the same. */
  readonly slipped?: 'backdated' | 'before the first'
}

/** One deed; undefined where there is nothing to do it to. */
type Deed = (desk: Desk, random: Random) => Tampering | undefined

const HOUR_MS = 3_600_000

const editRow: Deed = ({ rows, seals }, random) => {
  const { auditId } = random.pick(seals)
  const index = rows.findIndex(({ id }) => id === auditId)
  const row = rows[index]
  if (!row) return undefined
  const edits: Readonly<Record<string, Partial<Row>>> = {
    actor: { actor: `${row.actor}x` },
    kind: { kind: 'operation.rejected' },
    says: { says: row.says.slice(0, -1) },
    at: { at: new Date(row.at.getTime() + random.pick([-1, 1, HOUR_MS])) },
    operationId: { operationId: 'op_forged' as OperationId }, // any text is one to the database
    requestId: { requestId: 'req_forged' as RequestId },
    data: { data: { ...row.data, list: [null, true, 7, { b: 0, a: 'x' }] } },
    'a key in data': { data: { ...row.data, approvedBy: 'jonas' } },
  }
  const [field, edit] = random.pick(Object.entries(edits))
  rows[index] = { ...row, ...edit }
  return { what: `edited ${field} of row ${auditId}`, recomputed: false }
}

const editSeal: Deed = ({ seals }, random) => {
  const index = random.below(seals.length)
  const seal = seals[index] as Seal // below() stays within the list
  const flipped = (hash: string) => `${hash[0] === '0' ? '1' : '0'}${hash.slice(1)}`
  const edits: Readonly<Record<string, Partial<Seal>>> = {
    hash: { hash: flipped(seal.hash) },
    previousHash: { previousHash: flipped(seal.previousHash) },
    sealedAt: { sealedAt: new Date(seal.sealedAt.getTime() - 1) },
    auditId: { auditId: seal.auditId + 1_000_000 },
  }
  const [field, edit] = random.pick(Object.entries(edits))
  seals[index] = { ...seal, ...edit }
  return { what: `edited ${field} of seal ${seal.seq}`, recomputed: false }
}

const remove: Deed = (desk, random) => {
  const { seq, auditId } = random.pick(desk.seals)
  const which = random.pick(['row', 'seal', 'row and seal'])
  if (which !== 'seal') desk.rows = desk.rows.filter(({ id }) => id !== auditId)
  if (which !== 'row') desk.seals = desk.seals.filter((seal) => seal.seq !== seq)
  return { what: `deleted the ${which} of seal ${seq}`, recomputed: false }
}

/** A row with a seal that fits the one before it; the later ones move up by one. */
const insert: Deed = (desk, random) => {
  const before = random.pick(desk.seals)
  const row = forged(desk, random, Math.max(...desk.rows.map(({ id }) => id)) + 1)
  if (!row) return undefined
  const seq = before.seq + 1
  const seal = { seq, auditId: row.id, previousHash: before.hash, sealedAt: before.sealedAt }
  desk.rows.push(row)
  desk.seals = desk.seals.map((other) => (other.seq < seq ? other : { ...other, seq: other.seq + 1 }))
  desk.seals.push({ ...seal, hash: rowHash(before.hash, seq, before.sealedAt, row) })
  return { what: `inserted a row with a seal of its own at ${seq}`, recomputed: true }
}

/** A row dated into the past, in a hole of the ids, left for the sealer to seal. */
const backdate: Deed = (desk, random) => {
  const taken = new Set(desk.rows.map(({ id }) => id))
  const sealed = desk.rows.filter(({ id }) => desk.seals.some(({ auditId }) => auditId === id))
  const newest = Math.max(...sealed.map(({ id }) => id))
  const newestAt = Math.max(...sealed.map(({ at }) => at.getTime()))
  const holes = Array.from({ length: newest }, (_, index) => index + 1).filter((id) => !taken.has(id))
  if (holes.length === 0) return undefined
  const row = forged(desk, random, random.pick(holes))
  if (!row) return undefined
  desk.rows.push({ ...row, at: new Date(newestAt - HOUR_MS) })
  return { what: `inserted row ${row.id}, dated back, without a seal`, recomputed: false, slipped: 'backdated' }
}

/** A row whose seal says that it comes before the first. */
const prepend: Deed = (desk, random) => {
  const row = forged(desk, random, Math.max(...desk.rows.map(({ id }) => id)) + 1)
  if (!row) return undefined
  const seq = Math.min(0, ...desk.seals.map((seal) => seal.seq - 1))
  const sealedAt = new Date(row.at.getTime() + 1000)
  desk.rows.push({ ...row, at: new Date(row.at.getTime() - HOUR_MS) })
  desk.seals.push({ seq, auditId: row.id, previousHash: GENESIS, hash: rowHash(GENESIS, seq, sealedAt, row), sealedAt })
  return { what: `inserted a row with seal ${seq}`, recomputed: true, slipped: 'before the first' }
}

const swap: Deed = (desk, random) => {
  const [a, b] = [random.pick(desk.seals), random.pick(desk.seals)]
  if (a.seq === b.seq) return undefined
  const which = random.pick(['rows', 'seals', 'places'])
  if (which === 'rows') {
    const [one, other] = [a, b].map((seal) => desk.rows.find(({ id }) => id === seal.auditId))
    if (!one || !other) return undefined
    desk.rows = desk.rows.map((row) =>
      row === one ? { ...other, id: one.id } : row === other ? { ...one, id: other.id } : row,
    )
  } else {
    const key = which === 'seals' ? 'auditId' : 'seq'
    desk.seals = desk.seals.map((seal) =>
      seal === a ? { ...seal, [key]: b[key] } : seal === b ? { ...seal, [key]: a[key] } : seal,
    )
  }
  return { what: `swapped the ${which} of seals ${a.seq} and ${b.seq}`, recomputed: false }
}

const cutTail: Deed = (desk, random) => {
  const { seq } = random.pick(desk.seals)
  const cut = new Set(desk.seals.filter((seal) => seal.seq >= seq).map(({ auditId }) => auditId))
  const kept = Math.min(...cut)
  desk.seals = desk.seals.filter((seal) => seal.seq < seq)
  desk.rows = desk.rows.filter(({ id }) => !cut.has(id) && id < kept)
  return { what: `cut the tail from seal ${seq} on`, recomputed: false }
}

/** Every hash made anew from some seal on, to the end or not quite, gaps closed: what a thorough forger does after the deed. */
const rehash: Deed = (desk, random) => {
  const seals = desk.seals.toSorted((a, b) => a.seq - b.seq)
  const from = random.below(seals.length)
  const to = random.below(2) === 0 ? seals.length : from + 1 + random.below(seals.length - from)
  let previousHash = seals[from - 1]?.hash ?? GENESIS
  let seq = seals[from - 1]?.seq ?? 0
  const made = seals.slice(from, to).flatMap((seal) => {
    const row = desk.rows.find(({ id }) => id === seal.auditId)
    if (!row) return []
    seq += 1
    const hash = rowHash(previousHash, seq, seal.sealedAt, row)
    const anew = { ...seal, seq, previousHash, hash }
    previousHash = hash
    return [anew]
  })
  const taken = new Set(made.map((seal) => seal.seq))
  desk.seals = [...seals.slice(0, from), ...made, ...seals.slice(to).filter((seal) => !taken.has(seal.seq))]
  return { what: `made the hashes anew from seal ${from + 1} on, ${to - from} of them`, recomputed: true }
}

function forged(desk: Desk, random: Random, id: number): Row | undefined {
  const model = desk.rows.length > 0 ? random.pick(desk.rows) : undefined
  return model && { ...model, id, actor: 'jonas', says: 'Jonas approved.' }
}

export const DEEDS = { editRow, editSeal, remove, insert, backdate, prepend, swap, cutTail, rehash } as const
export type DeedName = keyof typeof DEEDS
