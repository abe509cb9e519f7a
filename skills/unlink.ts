import { z } from 'zod'
import { DeniedError, UserError } from '../core/errors.ts'
import type { PersonId } from '../core/ids.ts'
import { Account } from '../core/parameters.ts'
import { ROLES } from '../core/person.ts'
import { defineSkill } from '../core/skill.ts'
import { parseAccount, sayAccount } from './_shared/account.ts'
import { deskStep } from './_shared/desk-step.ts'

const HOW = { claim: 'a claim', link: 'a one-time code', email: 'its e-mail address' }

export default defineSkill({
  name: 'unlink',
  summary: 'Untie an account: your own, or as an admin anybody’s',
  examples: ['unlink slack:U012AB3CD', 'unlink teams:mira@example.com', 'unlink my account cli:mira'],
  input: z.object({ account: Account }),
  risk: 'write',
  allow: ROLES,
  inline: true,
  // Who lost a phone must not wait for a second person.
  needsNoApproval: true,

  async preview(input, ctx) {
    const account = parseAccount(input.account)
    const says = sayAccount(account)
    const link = await ctx.desk.linkOf(account)
    if (!link) throw new UserError(`${says} is linked to nobody.`)
    const { personId, source } = link
    const people = await ctx.desk.people()
    const holder = people.find(({ id }) => id === personId)
    const name = holder?.name ?? personId
    const own = personId === ctx.person.id
    const { grants } = ctx.person
    const admin = grants.some(({ role, environments }) => role === 'admin' && environments.includes('*'))
    if (!own && !admin)
      throw new DeniedError(`${says} is ${name}'s. Only they or an admin can unlink it.`, {
        rule: 'links are ended by their person',
        missing: 'admin',
        grantedBy: [name],
      })
    if (source === 'config')
      throw new UserError(
        `${says} is ${name}'s by quarterdeck.yaml (people.${personId}.accounts.${account.surface}): take it out there and restart.`,
      )
    const last = holder?.accounts.length === 1
    return {
      input: { account: says, holder: personId },
      targets: [],
      summary: `Unlink ${says} from ${name}`,
      changes: [{ target: name, field: 'account', from: says, to: null }],
      preconditions: [{ target: says, field: 'linked to', is: personId }],
      evidence: [{ type: 'facts', facts: [{ label: 'Linked by', value: HOW[source] }] }],
      warnings: last ? [`It is the only account of ${name}, who cannot say anything here without one.`] : [],
      undo: { impossible: `Say “link ${says}” from another account of ${own ? 'yours' : 'theirs'} to tie it again.` },
      steps: ['unlink'],
    }
  },

  async run(plan, ctx) {
    const input = z.object({ account: z.string(), holder: z.string() }).parse(plan.input)
    const account = parseAccount(input.account)
    await deskStep(ctx, 'unlink', async (desk, mark) => {
      await desk.unlink(mark, account, input.holder as PersonId) // written by the preview above
      return null
    })
    return { ok: true, says: `${input.account} is linked to nobody; an e-mail address alone does not tie it again.` }
  },
})
