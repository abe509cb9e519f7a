import { z } from 'zod'
import { UserError } from '../core/errors.ts'
import { Choice, Environment, Service, Version } from '../core/parameters.ts'
import { defineSkill } from '../core/skill.ts'
import { sayVersion } from './_shared/images.ts'
import { putBackRelease, releaseOf, runRelease } from './_shared/release.ts'
import { planRelease } from './_shared/release-plan.ts'
import { findPlace, refuseIfPaused, refuseIfReverted } from './_shared/targets.ts'
import { pinVersion } from './_shared/versions.ts'

export default defineSkill({
  name: 'deploy',
  summary: 'Release a version of a service to an environment, following it to the pod',
  examples: [
    'deploy checkout 1.4.2 to staging',
    'ship cart v2.3.0 to prod',
    'release version 1.9 of search in dev',
    'roll out payments 3.1.0 to production',
  ],
  aliases: ['ship', 'release', 'rollout', 'push'],
  input: z.object({
    service: Service,
    version: Version,
    environment: Environment,
    strategy: Choice('strategy', ['rolling', 'canary', 'blue-green']).optional(),
  }),
  risk: 'write',
  allow: ['operator'],

  async preview(input, ctx) {
    if (input.strategy && input.strategy !== 'rolling')
      throw new UserError(`${input.strategy} deploys are not built yet. Leave the strategy away for a rolling one.`)
    const place = findPlace(ctx.catalog, input)
    const workload = await ctx.cluster.workload(place.ref)
    refuseIfReverted(place, workload.owner)
    refuseIfPaused(place, workload)
    const pinned = await pinVersion(ctx, place, workload, input.version)
    const { service, environment } = place.ref
    const plan = await planRelease(ctx, place, workload, {
      image: pinned.image,
      version: pinned.version,
      builtAt: pinned.createdAt,
    })
    // Which digest a node pulled for a bare tag nobody here can tell: the same tag counts as the same image.
    const bareTag = pinned.asked === pinned.version ? pinned.image.replace(/@.*/, '') : undefined
    const sameTag = workload.image === bareTag && !workload.rollingOut
    return {
      ...plan,
      alreadySo: plan.alreadySo ?? (sameTag ? `${place.says} already runs ${pinned.version}.` : undefined),
      input: { service, version: pinned.asked, environment, strategy: input.strategy },
      summary: `Deploy ${service} ${sayVersion(pinned.asked)} to ${environment}`,
      warnings: [...(pinned.doubt ? [pinned.doubt] : []), ...(plan.warnings ?? [])],
    }
  },
  run: (plan, ctx) => runRelease(releaseOf(plan), ctx),
  compensate: (plan, ctx, why) => putBackRelease(releaseOf(plan), ctx, why),
})
