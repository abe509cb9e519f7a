import { LIMITS } from '../render/limits.ts'
import type { Where } from '../tell.ts'

type Kept = Pick<Where, 'channel' | 'threadTs'>

/** Dialogs forget where they were opened from, so that goes along in front of what they carry: `C034 1700000000.0001|…`. */
export function keepWhere(metadata: string, { channel = '', threadTs = '' }: Kept): string {
  const kept = `${channel} ${threadTs}|${metadata}`
  // What a button carries matters more: its answer is then said where the person is alone with us.
  return kept.length <= LIMITS.metadata ? kept : metadata
}

export function whereOf(kept: string): Kept & { readonly rest: string } {
  const found = /^([A-Z0-9]*) ([\d.]*)\|(.*)$/s.exec(kept)
  if (!found) return { channel: undefined, threadTs: undefined, rest: kept }
  const [, channel, threadTs, rest = ''] = found
  return { channel: channel || undefined, threadTs: threadTs || undefined, rest }
}
