import { DateTime } from 'luxon'
import type { Plan } from '../../core/plan.ts'
import type { Freeze, Policy } from '../../core/policy.ts'
import { targetsOf } from './scope.ts'

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const DAY_MINUTES = 24 * 60
const WEEK_MINUTES = 7 * DAY_MINUTES

export interface FreezeInForce {
  readonly freeze: Freeze
  readonly until: Date
}

/** The freeze that keeps this plan waiting now, the one that ends last when there are several. */
export function freezeInForce(plan: Plan, policy: Policy, now: Date): FreezeInForce | undefined {
  let latest: FreezeInForce | undefined
  for (const freeze of policy.freezes) {
    if (!freezeMatches(freeze, plan)) continue
    const until = frozenUntil(freeze, now)
    if (until && (!latest || until > latest.until)) latest = { freeze, until }
  }
  return latest
}

function freezeMatches(freeze: Freeze, plan: Plan): boolean {
  return targetsOf(plan).some(
    ({ environment, service }) =>
      (environment === undefined || freeze.environments.includes(environment) || freeze.environments.includes('*')) &&
      (service === undefined || !freeze.services || freeze.services.includes(service)),
  )
}

/** The end of the freeze when it holds at `now`, else undefined. The start belongs to it, the end does not. */
export function frozenUntil(freeze: Freeze, now: Date): Date | undefined {
  return freeze.span
    ? spanUntil(freeze.span, freeze.timezone, now)
    : freeze.weekly && weeklyUntil(freeze.weekly, freeze.timezone, now)
}

function spanUntil(span: { from: string; to: string }, zone: string, now: Date): Date | undefined {
  const from = DateTime.fromISO(span.from, { zone })
  const to = DateTime.fromISO(span.to, { zone })
  const at = now.getTime()
  return at >= from.toMillis() && at < to.toMillis() ? to.toJSDate() : undefined
}

/**
 * A weekly freeze is asked on the wall clock of its zone, so "Friday 18:00" stays 18:00 when summer time begins or ends; it may run
 * over the end of the week.
 */
function weeklyUntil(weekly: { from: string; to: string }, zone: string, now: Date): Date | undefined {
  const local = DateTime.fromJSDate(now, { zone })
  const from = weekMinute(weekly.from)
  const to = weekMinute(weekly.to)
  const length = (to - from + WEEK_MINUTES) % WEEK_MINUTES || WEEK_MINUTES
  const at = (local.weekday - 1) * DAY_MINUTES + local.hour * 60 + local.minute
  const since = (at - from + WEEK_MINUTES) % WEEK_MINUTES
  if (since >= length) return undefined
  const day = local.startOf('day').plus({ days: Math.floor((at + length - since) / DAY_MINUTES) - (local.weekday - 1) })
  return day.set({ hour: Math.floor((to % DAY_MINUTES) / 60), minute: to % 60 }).toJSDate()
}

/** Minutes since Monday 00:00 of `Fri 18:00`, `friday 18:00`. Checked by the configuration; a text that is none is a bug. */
function weekMinute(text: string): number {
  const match = /^([a-z]{3})[a-z]*\s+(\d{1,2}):(\d{2})$/i.exec(text.trim())
  const day = DAYS.indexOf(match?.[1]?.toLowerCase() ?? '')
  if (!match || day < 0) throw new Error(`"${text}" is not a moment of the week like "Fri 18:00"`)
  return day * DAY_MINUTES + Number(match[2]) * 60 + Number(match[3])
}
