import { z } from 'zod'
import { Environment, Service } from '../core/parameters.ts'
import { defineSkill } from '../core/skill.ts'
import { changeEvidence, workloadWarnings } from './_shared/evidence.ts'
import { follow, problemBlocks } from './_shared/release.ts'
import { findPlace, refuseIfPaused, refuseIfReverted } from './_shared/targets.ts'

export default defineSkill({
  name: 'restart',
  summary: 'Replace every pod of a service, one batch after another, with the same version',
  examples: ['restart checkout in staging', 'bounce cart in prod', 'rolling restart of search in dev please'],
  aliases: ['bounce', 'reboot', 'recycle'],
  input: z.object({ service: Service, environment: Environment }),
  risk: 'write',
  allow: ['operator'],

  async preview(input, ctx) {
    const place = findPlace(ctx.catalog, input)
    const workload = await ctx.cluster.workload(place.ref)
    // Argo CD and Flux leave the restart annotation alone only when told to; a refusal is kinder than a silent revert.
    refuseIfReverted(place, workload.owner)
    refuseIfPaused(place, workload)
    return {
      input: { service: place.service.name, environment: place.environment.name },
      targets: [place.target],
      summary: `Restart ${place.says}`,
      changes: [
        { target: place.says, field: 'restarted', from: workload.restartedAt ?? 'never', to: 'when this runs' },
      ],
      undo: { impossible: 'A restart cannot be undone; the version stays the same.' },
      preconditions: [{ target: place.says, field: 'image', is: workload.image }],
      steps: ['restart', 'follow the rollout'],
      evidence: await changeEvidence(ctx, place, workload),
      warnings: workloadWarnings(place, workload),
    }
  },

  async run(plan, ctx) {
    const ref = z.object({ service: z.string(), environment: z.string() }).parse(plan.input)
    const says = `${ref.service} in ${ref.environment}`
    const before = String(plan.changes[0]?.from)
    const expectRestartedAt = before === 'never' ? undefined : before
    const at = await ctx.observe('note the time', async () => ctx.now().toISOString())
    const { generation } = await ctx.step<{ generation: number }>('restart', {
      do: async (write, mark) => {
        const { generation } = await write.cluster.restart(ref, { at, expectRestartedAt, ...mark })
        return { generation }
      },
      probe: async (read) => {
        const seen = await read.cluster.workload(ref)
        return seen.restartedAt === at
          ? { happened: true, result: { generation: seen.generation } }
          : { happened: false }
      },
      callOff: (write, mark) => write.cluster.callOff(ref, mark),
    })
    const rollout = await follow('follow the rollout', generation, { ref }, ctx)
    if (rollout.done) return { ok: true, says: `Every pod of ${says} is new. ${rollout.says}` }
    return { ok: false, says: rollout.problem.says, evidence: problemBlocks(rollout.problem, rollout.also) }
  },
})
