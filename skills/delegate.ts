import { z } from 'zod'
import type { Block } from '../core/card.ts'
import { UserError } from '../core/errors.ts'
import type { PersonId } from '../core/ids.ts'
import { Moment, PersonName } from '../core/parameters.ts'
import { defineSkill } from '../core/skill.ts'
import { deskStep } from './_shared/desk-step.ts'

const LONGEST_DAYS = 90

export default defineSkill({
  name: 'delegate',
  summary: 'Let somebody approve in your place until a date',
  examples: [
    'delegate sam until friday 18:00',
    'delegate my approvals to mira until 2026-12-01',
    'let sam approve for me until monday',
  ],
  input: z.object({ person: PersonName, until: Moment }),
  risk: 'write',
  allow: ['approver'],
  inline: true,
  needsNoApproval: true,

  async preview(input, ctx) {
    const people = (await ctx.desk.people()).filter(({ active }) => active)
    const wanted = input.person.toLowerCase()
    const named = people.filter(({ name }) => name.toLowerCase() === wanted)
    // An id says who; a name may be several people's, and another's id.
    const meant = people.filter(({ id }) => id.toLowerCase() === wanted)
    const [deputy, ...others] = meant.length > 0 ? meant : named
    if (others.length > 0) {
      const ids = named.map(({ id }) => id).join(', ')
      throw new UserError(`More than one person is called "${input.person}": ${ids}. Say which by the id.`)
    }
    if (!deputy) throw new UserError(`There is nobody called "${input.person}" here.`)
    if (deputy.id === ctx.person.id) throw new UserError('You cannot delegate to yourself.')
    const until = new Date(input.until)
    const now = ctx.now()
    if (until <= now) throw new UserError('That moment has already passed. Name one in the future.')
    if (until.getTime() - now.getTime() > LONGEST_DAYS * 86_400_000)
      throw new UserError(`A delegation lasts ${LONGEST_DAYS} days at most.`)
    // One deputy at a time: the new one takes the place of whoever is it now.
    const current = (await ctx.desk.delegations()).find(({ from }) => from === ctx.person.id)
    const nameOf = (id: string) => people.find((one) => one.id === id)?.name ?? id
    return {
      input: { person: deputy.id, until: until.toISOString() },
      targets: [],
      summary: `${deputy.name} may approve in place of ${ctx.person.name}`,
      changes: [
        {
          target: ctx.person.name,
          field: 'deputy',
          from: current ? `${nameOf(current.to)} until ${sayUtc(current.until)}` : null,
          to: `${deputy.name} until ${sayUtc(until)}`,
        },
      ],
      undo: { impossible: 'It ends by itself. To end it sooner, delegate again: a new one replaces it.' },
      steps: ['delegate'],
      evidence: untilFact(until),
      warnings:
        current && current.to !== deputy.id
          ? [`${nameOf(current.to)} may then no longer approve in place of ${ctx.person.name}.`]
          : [],
    }
  },

  async run(plan, ctx) {
    const { person, until } = z.object({ person: z.string(), until: z.string() }).parse(plan.input)
    // The id was looked up in preview.
    await deskStep(ctx, 'delegate', async (desk, mark) => {
      await desk.delegate(mark, person as PersonId, new Date(until))
      return null
    })
    return { ok: true, says: `${plan.summary}.`, evidence: untilFact(new Date(until)) }
  },
})

const sayUtc = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`

/** In the reader's zone. */
const untilFact = (until: Date): readonly Block[] => [
  { type: 'facts', facts: [{ label: 'Until', value: [{ time: until.toISOString(), show: 'clock' }] }] },
]
