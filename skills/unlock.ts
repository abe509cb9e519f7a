import { z } from 'zod'
import { DeniedError, UserError } from '../core/errors.ts'
import type { PersonId } from '../core/ids.ts'
import { Environment, Service } from '../core/parameters.ts'
import { defineSkill } from '../core/skill.ts'
import { deskStep } from './_shared/desk-step.ts'
import { findPlace } from './_shared/targets.ts'

const SeenLock = z.object({
  heldBy: z.string().transform((id) => id as PersonId), // written by the preview below
  since: z.coerce.date(),
})

export default defineSkill({
  name: 'unlock',
  summary: 'Give a locked service free again: your own lock, or as an admin anybody’s',
  examples: ['unlock checkout in production', 'unlock cart staging', 'release the lock on payments in prod'],
  input: z.object({ service: Service, environment: Environment }),
  risk: 'write',
  allow: ['operator', 'admin'],
  inline: true,
  needsNoApproval: true,

  async preview(input, ctx) {
    const place = findPlace(ctx.catalog, input)
    const [held] = await ctx.desk.locks(place.ref)
    if (!held) throw new UserError(`${place.says} is not locked.`)
    const own = held.by.id === ctx.person.id
    const { environment: where, team } = place.target
    const reaches = (scope: readonly string[], name?: string) =>
      scope.includes('*') || (name !== undefined && scope.includes(name))
    const admin = ctx.person.grants.some(
      ({ role, environments, teams }) => role === 'admin' && reaches(environments, where) && reaches(teams, team),
    )
    if (!own && !admin) {
      throw new DeniedError(
        `${place.says} was locked by ${held.by.name}${held.reason ? ` (${held.reason})` : ''}. Only they or an admin can unlock it.`,
        {
          rule: 'locks are opened by their holder',
          missing: 'admin',
          grantedBy: [held.by.name],
        },
      )
    }
    const { service, environment } = place.ref
    return {
      input: { service, environment },
      targets: [place.target],
      summary: `Unlock ${place.says}`,
      changes: [{ target: place.says, field: 'lock', from: `held by ${held.by.name}`, to: 'none' }],
      // The very lock that was seen: somebody may take one of their own before this runs.
      preconditions: [
        { target: place.says, field: 'lock', is: { heldBy: held.by.id, since: held.since.toISOString() } },
      ],
      undo: { skill: 'lock', input: { service, environment, reason: held.reason }, says: 'Lock it again' },
      steps: ['unlock'],
    }
  },

  async run(plan, ctx) {
    const place = z.object({ service: z.string(), environment: z.string() }).parse(plan.input)
    const held = SeenLock.parse(plan.preconditions[0]?.is)
    await deskStep(ctx, 'unlock', async (desk, mark) => {
      await desk.unlock(mark, { ...place, ...held })
      return null
    })
    return { ok: true, says: `${place.service} in ${place.environment} is free again.` }
  },
})
