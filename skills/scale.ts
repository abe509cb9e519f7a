import { z } from 'zod'
import { Duration, durationMs, Environment, Replicas, Service, sayDuration } from '../core/parameters.ts'
import { defineSkill } from '../core/skill.ts'
import { changeEvidence, workloadWarnings } from './_shared/evidence.ts'
import { follow, problemBlocks } from './_shared/release.ts'
import {
  holdEnds,
  putBack,
  resolveReplicas,
  sayReplicas,
  scalingOf,
  seeHowMany,
  setReplicas,
} from './_shared/scaling.ts'
import { findPlace, refuseIfReverted } from './_shared/targets.ts'

const PUT_BACK = 'put the replicas back'
const holdStep = (holdMs: number) => `hold for ${sayDuration(holdMs)}`

export default defineSkill({
  name: 'scale',
  summary: 'Change how many replicas of a service run, for good or for a while',
  examples: [
    'scale checkout to 6 in staging',
    'give cart 3 more pods in prod for 2 hours',
    'scale search down to 2 replicas in dev',
    'double payments in production',
  ],
  aliases: ['resize', 'scale up', 'scale down'],
  input: z.object({ service: Service, environment: Environment, replicas: Replicas, for: Duration.optional() }),
  // Nothing left running is an outage by request.
  risk: (input) => (input.replicas === 0 ? 'destructive' : 'write'),
  allow: ['operator'],

  async preview(input, ctx) {
    const place = findPlace(ctx.catalog, input)
    const workload = await ctx.cluster.workload(place.ref)
    refuseIfReverted(place, workload.owner)
    const from = workload.replicas.desired
    const to = resolveReplicas(input.replicas, from, place.says)
    const holdMs = input.for ? durationMs(input.for) : undefined
    const warnings = workloadWarnings(place, workload)
    if (to === 0) warnings.push(`0 replicas: ${place.says} will not answer at all.`)
    const scaler = workload.autoscaler
    if (scaler) {
      const bounds = `${scaler.min} to ${scaler.max}`
      const outside = to < scaler.min || to > scaler.max
      warnings.push(
        `The autoscaler ${scaler.name} owns the replicas (${bounds}, wants ${scaler.desired} now): it will ${outside ? `pull ${to} back into ${bounds}` : 'change the number again as the load does'}.`,
      )
    }
    const back = holdMs ? `, for ${sayDuration(holdMs)}` : ''
    return {
      input: { service: place.service.name, environment: place.environment.name, replicas: to, for: input.for },
      targets: [place.target],
      summary: `Scale ${place.says} from ${from} to ${to}${back}`,
      changes: [{ target: place.says, field: 'replicas', from, to }],
      preconditions: [
        { target: place.says, field: 'autoscaler', is: scaler ? `${scaler.name} ${scaler.min}-${scaler.max}` : null },
      ],
      undo: {
        skill: 'scale',
        input: { service: place.service.name, environment: place.environment.name, replicas: from },
        says: holdMs
          ? `Puts itself back to ${from}, unless somebody changes it; cancel it to go back sooner`
          : `Scale back to ${from}`,
      },
      steps: ['set replicas', 'follow the pods', ...(holdMs ? [holdStep(holdMs), PUT_BACK] : [])],
      evidence: [...(await changeEvidence(ctx, place, workload)), ...holdEnds(holdMs, ctx.now())],
      warnings,
      alreadySo: to === from && !holdMs ? `${place.says} already has ${sayReplicas(from)}.` : undefined,
    }
  },

  async run(plan, ctx) {
    const scaling = scalingOf(plan)
    const { generation } = await setReplicas('set replicas', scaling.from, scaling.to, scaling, ctx)
    const rollout = await follow('follow the pods', generation, scaling, ctx)
    if (!rollout.done)
      return { ok: false, says: rollout.problem.says, evidence: problemBlocks(rollout.problem, rollout.also) }
    if (scaling.holdMs === undefined) {
      const now = await seeHowMany(scaling, ctx)
      const stands =
        now === scaling.to
          ? `${scaling.says} runs ${sayReplicas(now)}.`
          : `${scaling.says} was set to ${sayReplicas(scaling.to)} and has ${now} now: an autoscaler or somebody else changed it since.`
      return { ok: true, says: `${stands} ${rollout.says}` }
    }
    const since = await ctx.observe('note the time', async () => (await ctx.time()).toISOString())
    await ctx.wait(holdStep(scaling.holdMs), new Date(Date.parse(since) + scaling.holdMs))
    return putBack(PUT_BACK, scaling, ctx)
  },

  async compensate(plan, ctx, why) {
    const outcome = await putBack(PUT_BACK, scalingOf(plan), ctx)
    return why.kind === 'failed' ? { ...outcome, says: `${outcome.says} ${why.says}`, evidence: why.evidence } : outcome
  },
})
