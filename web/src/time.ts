/** An instant in full, in the reader's zone, for the tooltip. */
export function absolute(iso: string): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return iso
  return at.toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'long' })
}

/** `14:05`, with the day when it is not today. */
export function clock(iso: string, now: Date): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return iso
  const time = at.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })
  if (at.toDateString() === now.toDateString()) return time
  return `${shortDay(at, now)}, ${time}`
}

/** `Today`, `Yesterday`, `Mon 3 Nov`. */
export function day(iso: string, now: Date): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return iso
  if (at.toDateString() === now.toDateString()) return 'Today'
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1)
  if (at.toDateString() === yesterday.toDateString()) return 'Yesterday'
  return shortDay(at, now)
}

function shortDay(at: Date, now: Date): string {
  const year = at.getFullYear() === now.getFullYear() ? undefined : ('numeric' as const)
  return at.toLocaleDateString(undefined, { weekday: 'short', day: 'numeric', month: 'short', year })
}

const STEPS: readonly (readonly [number, number, Intl.RelativeTimeFormatUnit])[] = [
  [60, 1, 'second'],
  [3_600, 60, 'minute'],
  [86_400, 3_600, 'hour'],
  [30 * 86_400, 86_400, 'day'],
]
const words = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'long' })
const fewWords = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'narrow' })

/** `in 12 minutes`, `3 hours ago`, `just now`; a date past a month. `short` says `12min ago`. */
export function relative(iso: string, now: Date, short = false): string {
  const seconds = (new Date(iso).getTime() - now.getTime()) / 1000
  if (Number.isNaN(seconds)) return iso
  if (Math.abs(seconds) < 8) return 'just now'
  for (const [below, size, unit] of STEPS)
    if (Math.abs(seconds) < below) return (short ? fewWords : words).format(Math.round(seconds / size), unit)
  return shortDay(new Date(iso), now)
}
