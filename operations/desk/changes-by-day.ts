import type { DayOfChanges } from '../../core/ports/desk.ts'
import type { OperationState } from '../../core/states.ts'
import type { Queryable } from '../../db/database.ts'
import { countByDay } from '../../db/operations.ts'

const DAY_MS = 86_400_000
const ENDED_BADLY: readonly OperationState[] = ['failed', 'rolled_back', 'needs_human']

/** A row for each of the last days of the zone, those without a change too. */
export async function changesByDay(
  db: Queryable,
  filter: { service?: string; environment?: string; days: number; timezone: string },
  now: Date,
): Promise<readonly DayOfChanges[]> {
  const { days, timezone } = filter
  // A day more: it is longer than 24 hours where clocks are put back.
  const since = new Date(now.getTime() - (days + 1) * DAY_MS)
  const counts = await countByDay(db, { ...filter, since })
  const sum = (day: string, states: readonly OperationState[]) =>
    counts.reduce((all, one) => all + (one.day === day && states.includes(one.state) ? one.count : 0), 0)
  return lastDays(now, days, timezone).map((day) => ({
    day,
    done: sum(day, ['succeeded']),
    failed: sum(day, ENDED_BADLY),
  }))
}

/** `2026-11-21` and the days before it, as the calendar of the zone has them; oldest first. */
export function lastDays(now: Date, days: number, timezone: string): readonly string[] {
  // Sweden writes dates so.
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short' }).format(now)
  const last = Date.parse(`${today}T00:00:00Z`)
  return Array.from({ length: days }, (_, at) => new Date(last - (days - 1 - at) * DAY_MS).toISOString().slice(0, 10))
}
