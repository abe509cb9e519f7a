import { z } from 'zod'
import { Environment, Service } from '../core/parameters.ts'
import { ROLES, SURFACES } from '../core/person.ts'
import { defineSkill } from '../core/skill.ts'
import { deskStep } from './_shared/desk-step.ts'
import { sayWish, wishIn } from './_shared/subscription.ts'

const Wish = z.object({
  surface: z.enum(SURFACES),
  channel: z.string(),
  service: z.string().optional(),
  environment: z.string().optional(),
})

export default defineSkill({
  name: 'subscribe',
  summary: 'Show changes in this channel: of a service, of an environment, or all',
  examples: ['subscribe checkout', 'subscribe to production', 'subscribe this channel to cart in staging'],
  input: z.object({ service: Service.optional(), environment: Environment.optional() }),
  risk: 'write',
  allow: ROLES,
  inline: true,
  // It shows what anybody with a role may ask for, and touches nothing that runs.
  needsNoApproval: true,

  async preview(said, ctx) {
    const wish = await wishIn(ctx, said)
    const has = await ctx.desk.subscriptions(wish)
    const covers = has.find(
      ({ service, environment }) =>
        (service === undefined || service === wish.service) &&
        (environment === undefined || environment === wish.environment),
    )
    const { service, environment } = wish
    return {
      input: { ...wish },
      targets: [],
      summary: `Show changes of ${sayWish(wish)} in this channel`,
      changes: [{ target: 'this channel', field: 'hears of', from: null, to: sayWish(wish) }],
      undo: { skill: 'unsubscribe', input: { service, environment }, says: 'Show them no more' },
      steps: ['subscribe'],
      alreadySo: covers && `this channel hears of ${sayWish(covers)}.`,
    }
  },

  async run(plan, ctx) {
    const wish = Wish.parse(plan.input)
    await deskStep(ctx, `subscribe to ${sayWish(wish)}`, async (desk, mark) => {
      await desk.subscribe(mark, wish)
      return null
    })
    return { ok: true, says: `Changes of ${sayWish(wish)} are shown in this channel from now on.` }
  },
})
