import type { Logger } from '../../core/ports/logger.ts'
import { verifyAudit } from '../audit-chain/verify.ts'
import { openStore, type StoreOptions } from '../store.ts'

/**
 * `npm run audit:verify`: proves the audit up to the last exported head, or names the first bad row. Returns what to tell, and whether
 * it holds (exit code 1 when not).
 */
export async function auditVerify(
  options: StoreOptions,
  log: Logger,
  headsFile: string,
): Promise<{ ok: boolean; says: string }> {
  const store = await openStore(options, log, 'nothing')
  try {
    const { ok, checkedTo, provenTo, exportedTo, unsealed, restores, firstBad } = await verifyAudit(store, headsFile)
    const lines = restores.map(
      ({ at, seq, restoredFrom }) => `${at}: restored from ${restoredFrom}, back to row ${seq}.`,
    )
    if (firstBad) {
      const which = firstBad.auditId === undefined ? '' : ` (audit row ${firstBad.auditId})`
      lines.push(
        `NOT INTACT at seal ${firstBad.seq}${which}: ${firstBad.why}.`,
        `Up to seal ${provenTo} everything is as it was written, by an exported head${provenTo < checkedTo ? `; up to ${checkedTo} it fits together, which somebody who recomputed seals could have brought about` : ''}.`,
      )
    } else {
      lines.push(`Intact: ${checkedTo} rows are as they were written, in their order.`)
      lines.push(
        exportedTo > 0
          ? `Proven up to row ${exportedTo} by the heads exported to ${headsFile}.`
          : `No head was found in ${headsFile}: a chain rewritten as a whole would not show.`,
      )
      if (unsealed > 0) lines.push(`${unsealed} rows are not sealed yet; the running program does it within a second.`)
    }
    return { ok, says: lines.join('\n') }
  } finally {
    await store.close()
  }
}
