import { z } from 'zod'
import { UserError } from '../core/errors.ts'
import { Choice, Environment, Service, Version } from '../core/parameters.ts'
import { defineSkill } from '../core/skill.ts'
import { blastRadius, workloadWarnings } from './_shared/evidence.ts'
import { parseImage } from './_shared/images.ts'
import { putBackRelease, RELEASE_STEPS, releaseOf, runRelease } from './_shared/release.ts'
import { findPlace, refuseIfReverted } from './_shared/targets.ts'
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
    strategy: Choice('strategy', ['rolling']).optional(),
  }),
  risk: 'write',
  allow: ['operator'],

  async preview(input, ctx) {
    const place = findPlace(ctx.catalog, input)
    const workload = await ctx.cluster.workload(place.ref)
    refuseIfReverted(place, workload.owner)
    if (workload.paused) {
      throw new UserError(
        `The rollout of ${place.says} is paused in the cluster. Resume it there first (kubectl rollout resume), then ask again.`,
      )
    }
    const pinned = await pinVersion(ctx, place, workload, input.version)
    const runsIt = workload.image === pinned.image || workload.image === pinned.image.replace(/@.*/, '')
    return {
      input: {
        service: place.service.name,
        version: pinned.version,
        environment: place.environment.name,
        strategy: input.strategy,
      },
      targets: [place.target],
      summary: `Deploy ${place.service.name} ${pinned.version} to ${place.environment.name}`,
      changes: [
        { target: place.says, field: 'image', from: workload.image, to: pinned.image },
        { target: place.says, field: 'version', from: workload.version, to: pinned.version },
      ],
      preconditions: [{ target: place.says, field: 'container', is: workload.container }],
      undo: {
        skill: 'deploy',
        input: {
          service: place.service.name,
          version: parseImage(workload.image).tag ?? parseImage(workload.image).digest ?? workload.version,
          environment: place.environment.name,
        },
        says: `Deploy ${workload.version} again`,
      },
      steps: [...RELEASE_STEPS],
      evidence: blastRadius(ctx.catalog, place, workload, { builtAt: pinned.createdAt }),
      warnings: workloadWarnings(place, workload),
      alreadySo: runsIt && !workload.rollingOut ? `${place.says} already runs ${pinned.version}.` : undefined,
    }
  },
  run: (plan, ctx) => runRelease(releaseOf(plan), ctx),
  compensate: (plan, ctx, why) => putBackRelease(releaseOf(plan), ctx, why),
})
