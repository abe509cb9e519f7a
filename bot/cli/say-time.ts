const UNITS: readonly (readonly [number, number, Intl.RelativeTimeFormatUnit])[] = [
  [60, 1, 'second'],
  [3_600, 60, 'minute'],
  [86_400, 3_600, 'hour'],
  [30 * 86_400, 86_400, 'day'],
]
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' })

/** A time as a terminal says it: in the reader's zone, 24 hours, and nothing that needs hovering. */
export function sayTime(
  iso: string,
  show: 'clock' | 'date' | 'relative',
  { now, timezone }: { now: Date; timezone: string },
): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return iso
  if (show === 'relative') {
    const seconds = (at.getTime() - now.getTime()) / 1000
    for (const [below, size, unit] of UNITS)
      if (Math.abs(seconds) < below) return relative.format(Math.round(seconds / size), unit)
  }
  const format = (options: Intl.DateTimeFormatOptions) => at.toLocaleString('en-GB', { timeZone: timezone, ...options })
  const day = format({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })
  if (show !== 'clock') return day
  const clock = format({ hour: '2-digit', minute: '2-digit', timeZoneName: 'short' })
  const today = now.toLocaleString('en-GB', { timeZone: timezone, dateStyle: 'short' })
  return format({ dateStyle: 'short' }) === today ? clock : `${day}, ${clock}`
}
