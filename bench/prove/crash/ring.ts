import { request } from 'undici'
import { z } from 'zod'
import { UpstreamError } from '../../../core/errors.ts'
import { Environment, Service } from '../../../core/parameters.ts'
import { type ChangeSkill, defineSkill } from '../../../core/skill.ts'

const Input = z.object({ service: Service, environment: Environment })
const Rung = z.object({ times: z.number() })

/**
 * Rings a bell twice, at a server that counts and refuses nothing: no precondition, no key, no mark. That each rings once is the
 * ledger's work and the probe's alone.
 */
export function ringSkill(url: string): ChangeSkill<typeof Input> {
  const call = async (method: 'GET' | 'POST', bell: string) => {
    const response = await request(`${url}/bells/${bell}`, { method }).catch((error: unknown) => {
      throw new UpstreamError(`The bell does not answer: ${error}`, { service: 'bell', retryable: method === 'GET' })
    })
    return Rung.parse(await response.body.json()).times
  }
  return defineSkill<typeof Input>({
    name: 'ring',
    summary: 'Ring a bell twice',
    examples: ['ring a in dev', 'ring b in dev', 'ring c in dev'],
    input: Input,
    risk: 'write',
    allow: ['operator'],
    preview: async ({ service, environment }) => ({
      input: { service, environment },
      targets: [{ service, environment }],
      summary: `Ring ${service}`,
      changes: [{ target: service, field: 'rung', from: 0, to: 2 }],
      undo: { impossible: 'What rang has rung.' },
      steps: STROKES,
    }),
    async run(plan, ctx) {
      for (const stroke of STROKES) {
        const bell = `${String(plan.input.service)}-${stroke}`
        await ctx.step(stroke, {
          do: () => call('POST', bell),
          probe: async () => {
            const times = await call('GET', bell)
            return times > 0 ? { happened: true, result: times } : { happened: false }
          },
        })
      }
      return { ok: true, says: 'It rang.' }
    },
  })
}

export const STROKES = ['first', 'second']
