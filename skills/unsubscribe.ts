import { z } from 'zod'
import { UserError } from '../core/errors.ts'
import { Environment, Service } from '../core/parameters.ts'
import { ROLES } from '../core/person.ts'
import { defineSkill } from '../core/skill.ts'
import { deskStep } from './_shared/desk-step.ts'
import { sayWish, wishIn } from './_shared/subscription.ts'

const Ended = z.object({ ids: z.array(z.string()), says: z.string() })

export default defineSkill({
  name: 'unsubscribe',
  summary: 'Show changes in this channel no more: of a service, of an environment, or all',
  examples: ['unsubscribe checkout', 'unsubscribe from production', 'unsubscribe this channel from cart in staging'],
  input: z.object({ service: Service.optional(), environment: Environment.optional() }),
  risk: 'write',
  allow: ROLES,
  inline: true,
  needsNoApproval: true,

  async preview(said, ctx) {
    const wish = await wishIn(ctx, said)
    const has = await ctx.desk.subscriptions(wish)
    const within = has.filter(
      ({ service, environment }) =>
        (wish.service === undefined || service === wish.service) &&
        (wish.environment === undefined || environment === wish.environment),
    )
    const ended = within.filter(({ source }) => source === 'said')
    const [configured] = within
    if (configured && ended.length === 0)
      throw new UserError(
        `quarterdeck.yaml has this channel hear of ${sayWish(configured)} (its "channels"): take it out there.`,
      )
    const hears = has.map(sayWish).join('; ') || 'nothing'
    if (ended.length === 0)
      throw new UserError(`This channel has no subscription to ${sayWish(wish)}. It hears of: ${hears}.`)
    const says = ended.map(sayWish).join('; ')
    const { service, environment } = wish
    const [only, ...more] = ended
    const exact = more.length === 0 && only?.service === service && only?.environment === environment
    return {
      input: { service, environment, ids: ended.map(({ id }) => id), says },
      targets: [],
      summary: `Show changes of ${sayWish(wish)} in this channel no more`,
      changes: ended.map((one) => ({ target: 'this channel', field: 'hears of', from: sayWish(one), to: null })),
      undo: exact
        ? { skill: 'subscribe', input: { service, environment }, says: 'Show them again' }
        : { impossible: `Subscribe again to what is still of interest (${says}).` },
      steps: ['unsubscribe'],
    }
  },

  async run(plan, ctx) {
    const { ids, says } = Ended.parse(plan.input)
    await deskStep(ctx, `unsubscribe from ${says}`, async (desk, mark) => {
      await desk.unsubscribe(mark, ids)
      return null
    })
    return { ok: true, says: `Changes are no longer shown in this channel: ${says}.` }
  },
})
