import { z } from 'zod'
import { UserError } from '../core/errors.ts'
import { Account } from '../core/parameters.ts'
import { ROLES, SURFACES } from '../core/person.ts'
import { defineSkill } from '../core/skill.ts'
import { deskStep } from './_shared/desk-step.ts'

const LinkedAccount = z.object({ surface: z.enum(SURFACES), id: z.string().min(1) })

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
    const says = `${account.surface}:${account.id}`
    const people = await ctx.desk.people()
    const holder = people.find((person) =>
      person.accounts.some((held) => held.surface === account.surface && held.id === account.id),
    )
    if (holder && holder.id !== ctx.person.id)
      throw new UserError(`${says} is already linked to ${holder.name}. An admin can unlink it.`)
    return {
      input: { account: says },
      targets: [],
      summary: `Link ${says} to ${ctx.person.name}`,
      changes: [{ target: ctx.person.name, field: 'account', from: null, to: says }],
      undo: { impossible: 'Links are ended by an admin.' },
      steps: ['make a one-time code'],
      alreadySo: holder ? `${says} is already yours.` : undefined,
    }
  },

  async run(plan, ctx) {
    const account = parseAccount(z.object({ account: z.string() }).parse(plan.input).account)
    const { code, expiresAt } = await deskStep(ctx, 'make a one-time code', async (desk, mark) => {
      const begun = await desk.beginLink(mark, account)
      return { code: begun.code, expiresAt: begun.expiresAt.toISOString() }
    })
    return {
      ok: true,
      // The sentence goes into the audit and the log; the code must not.
      says: `Now say this from ${account.surface}:${account.id}:`,
      evidence: [
        { type: 'code', text: `link ${code}` },
        {
          type: 'text',
          text: ['The code works once, from that account only, until ', { time: expiresAt, show: 'clock' }, '.'],
        },
      ],
      undo: null,
    }
  },
})

function parseAccount(said: string) {
  const [surface = '', ...rest] = said.split(':')
  const parsed = LinkedAccount.safeParse({ surface: surface.toLowerCase(), id: rest.join(':') })
  if (parsed.success) return parsed.data
  throw new UserError(
    `"${said}" is not an account. Write the surface and the id, like slack:U012AB3CD (surfaces: ${SURFACES.join(', ')}).`,
  )
}
