import { isDeepStrictEqual } from 'node:util'
import type { AuditVerdict } from '../../../db/audit-chain/verify.ts'
import type { Breach } from '../prover.ts'
import type { Tampering } from './tamper.ts'
import type { World } from './world.ts'

export interface Judged {
  /** The first seal that is not, or whose row is not, what was written; undefined where all is. */
  readonly firstChanged: number | undefined
  readonly found: boolean
  readonly breach: Omit<Breach, 'seed'> | undefined
}

/** Holds the verdict against what is really different: known here by comparing the two worlds, without a hash. */
export function judge(before: World, after: World, deeds: readonly Tampering[], verdict: AuditVerdict): Judged {
  const firstChanged = compare(before, after)
  const exportedTo = before.heads.at(-1) ?? 0
  const found = !verdict.ok
  const told = (promise: string, what: string): Judged => ({
    firstChanged,
    found,
    breach: { promise, what: `${deeds.map((deed) => deed.what).join(', then ')}: ${what} (${show(before, verdict)})` },
  })
  const only = deeds.length === 1 ? deeds[0]?.slipped : undefined
  if (only && !found) return told(FOUND, `a row slipped in (${only}) was not found`)
  if (firstChanged === undefined || firstChanged > exportedTo) return { firstChanged, found, breach: undefined }
  if (!found) return told(FOUND, `seal ${firstChanged} is not what was written, and nothing was found`)
  if (verdict.provenTo >= firstChanged)
    return told(NAMED, `everything up to seal ${verdict.provenTo} is called proven, but ${firstChanged} was changed`)
  const named = verdict.firstBad?.seq ?? 0
  const before1 = deeds.some((deed) => deed.slipped === 'before the first')
  const [from, to] = [before1 ? 1 : firstChanged, latest(before, deeds, firstChanged)]
  if (named < from || named > to)
    return told(NAMED, `seal ${named} is named, though the first bad one is ${from === to ? from : `${from} to ${to}`}`)
  const rows = [before, after].map(({ seals }) => seals.find(({ seq }) => seq === named)?.auditId)
  if (!before1 && !rows.includes(verdict.firstBad?.auditId))
    return told(NAMED, `audit row ${verdict.firstBad?.auditId} is named, though the seal is of ${rows.join(' or ')}`)
  return { firstChanged, found, breach: undefined }
}

/** A chain that holds: all of it proven up to the last head, and nothing accused. */
export function judgeUntouched({ heads, seals }: World, verdict: AuditVerdict): Omit<Breach, 'seed'> | undefined {
  const { ok, checkedTo, provenTo } = verdict
  if (ok && checkedTo === seals.length && provenTo === heads.at(-1)) return undefined
  return {
    promise: 'an honest log is called intact',
    what: `a log of ${seals.length} seals nobody touched is not: ${verdict.firstBad?.why ?? `checked to ${checkedTo}, proven to ${provenTo}`}`,
  }
}

const FOUND = 'every tampering up to the last exported head is found'
const NAMED = 'the first bad row is named'

/** Who made hashes anew may have hidden the place up to the next head that is known outside; anybody else has not. */
function latest({ heads }: World, deeds: readonly Tampering[], firstChanged: number): number {
  if (!deeds.some((deed) => deed.recomputed)) return firstChanged
  return heads.find((head) => head >= firstChanged) ?? firstChanged
}

function compare(before: World, after: World): number | undefined {
  const rows = (world: World) => new Map(world.rows.map((row) => [row.id, row]))
  const [was, is] = [rows(before), rows(after)]
  const seals = new Map(after.seals.map((seal) => [seal.seq, seal]))
  return before.seals.find(
    (seal) =>
      !isDeepStrictEqual(seal, seals.get(seal.seq)) || !isDeepStrictEqual(was.get(seal.auditId), is.get(seal.auditId)),
  )?.seq
}

const show = ({ heads, seals }: World, { ok, firstBad }: AuditVerdict) =>
  `${seals.length} seals, heads ${heads.join(', ')}; verdict: ${ok ? 'intact' : `${firstBad?.seq}, ${firstBad?.why}`}`
