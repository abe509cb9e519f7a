import { z } from 'zod'
import { UserError } from '../core/errors.ts'
import { Account } from '../core/parameters.ts'
import { ROLES } from '../core/person.ts'
import type { Plan } from '../core/plan.ts'
import { defineSkill } from '../core/skill.ts'
import { parseAccount, sayAccount } from './_shared/account.ts'

const CODE_MS = 15 * 60_000
const SHOW = 'Show the code'

export default defineSkill({
  name: 'link',
  summary: 'Tie another account of yours to you, so that your rights hold there too',
  examples: ['link slack:U012AB3CD', 'link teams:mira@example.com', 'link my account cli:mira'],
  input: z.object({ account: Account }),
  risk: 'write',
  allow: ROLES,
  inline: true,
  needsNoApproval: true,

  async preview(input, ctx) {
    const account = parseAccount(input.account)
    const says = sayAccount(account)
    const people = await ctx.desk.people()
    const holder = people.find((person) =>
      person.accounts.some((held) => held.surface === account.surface && held.id === account.id),
    )
    if (holder && holder.id !== ctx.person.id)
      throw new UserError(`${says} is already linked to ${holder.name}. They or an admin can unlink it.`)
    return {
      input: { account: says },
      targets: [],
      summary: `Link ${says} to ${ctx.person.name}`,
      changes: [{ target: ctx.person.name, field: 'account', from: null, to: says }],
      undo: { impossible: `Say “unlink ${says}” to untie it once it is linked.` },
      steps: [],
      alreadySo: holder ? `${says} is already yours.` : undefined,
    }
  },

  async run(plan, ctx) {
    const account = accountIn(plan)
    const begun = await ctx.observe('note the time', async () => ctx.now().toISOString())
    const until = new Date(Date.parse(begun) + CODE_MS).toISOString()
    return {
      ok: true,
      says: `Press “${SHOW}”, then say it from ${account.surface}:${account.id}.`,
      evidence: [
        {
          type: 'text',
          text: [
            'Only you are shown it. It works once, from that account only, until ',
            { time: until, show: 'clock' },
            '.',
          ],
        },
      ],
      reveal: { label: SHOW, until },
      undo: null,
    }
  },

  async reveal(plan, desk) {
    const account = accountIn(plan)
    return `Say this from ${account.surface}:${account.id}: link ${await desk.linkCode(account)}`
  },
})

const accountIn = (plan: Plan) => parseAccount(z.object({ account: z.string() }).parse(plan.input).account)
