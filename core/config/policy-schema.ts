import { DateTime } from 'luxon'
import { z } from 'zod'
import { ROLES } from '../person.ts'
import { duration, name, timezone, wordList, words } from './parts.ts'

const when = z
  .strictObject({
    environments: z.array(name).optional().describe('a list of environments, like [production]'),
    protected: z.boolean().optional().describe('true for the environments marked protected, false for the others'),
    skills: z.array(name).optional().describe('a list of skills, like [deploy, rollback]'),
    risks: z
      .array(z.enum(['write', 'destructive']))
      .optional()
      .describe('a list of risks: write, destructive'),
    services: z.array(name).optional().describe('a list of services, like [payments]'),
  })
  .describe('what the rule speaks of: environments, protected, skills, risks, services; all that is named must hold')

export const approval = z
  .strictObject({
    name: words.describe('what the rule is called in refusals and on cards'),
    when,
    require: z
      .strictObject({
        count: z.number().int().min(1).max(10).default(1).describe('how many people, a whole number from 1 to 10'),
        role: z.enum(ROLES).default('approver').describe('the role they need: approver, admin, …'),
      })
      .describe('who must approve, like { count: 1, role: approver }'),
    expires: duration.default(3_600_000),
    remind: z
      .strictObject({ after: duration, who: wordList.default([]) })
      .optional()
      .describe('a reminder, like { after: 10m, who: [jonas] }'),
  })
  .describe('an approval rule: name, when, require, expires, remind')

export const deny = z
  .strictObject({ name: words, when, because: words.describe('the reason people are shown') })
  .describe('a rule that refuses: name, when, because')

const localTime = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/)
  // A moment that no calendar has is neither before nor after now: such a freeze would never hold.
  .refine((text) => DateTime.fromISO(text, { zone: 'utc' }).isValid)
  .describe('a local time like 2026-12-20T18:00')
const weekTime = z
  .string()
  .regex(/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?:[01]\d|2[0-3]):[0-5]\d$/)
  .describe('a day and time like "Fri 18:00"')

export const freeze = z
  .strictObject({
    name: words,
    environments: z.array(name).min(1).describe('a list of environments, like [production]'),
    services: z.array(name).optional().describe('a list of services, like [payments]; left out, it is all of them'),
    timezone,
    span: z
      .strictObject({ from: localTime, to: localTime })
      .optional()
      .describe('one time, like { from: 2026-12-20T18:00, to: 2027-01-02T07:00 }'),
    weekly: z
      .strictObject({ from: weekTime, to: weekTime })
      .optional()
      .describe('every week, like { from: "Fri 18:00", to: "Mon 07:00" }'),
    because: words.describe('the reason people are shown'),
  })
  .refine((window) => (window.span === undefined) !== (window.weekly === undefined))
  .refine((window) => !window.span || window.span.from < window.span.to)
  .describe('a freeze: name, environments, timezone, because, and either span or weekly, its end after its start')

export const breakGlass = z
  .strictObject({
    reviewer: name.describe('the id of the person who looks at it afterwards'),
    reviewWithin: duration.default(86_400_000),
    valid: duration.default(900_000),
  })
  .describe('who reviews what was done under break-glass, like { reviewer: jonas, reviewWithin: 24h, valid: 15m }')
