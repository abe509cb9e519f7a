import { parseImage } from '../../core/image-reference.ts'
import type { PlanDraft } from '../../core/plan.ts'
import type { Workload } from '../../core/ports/cluster.ts'
import type { ReadContext } from '../../core/skill.ts'
import { changeEvidence, workloadWarnings } from './evidence.ts'
import { sayVersion } from './images.ts'
import { RELEASE_STEPS } from './release.ts'
import type { Place } from './targets.ts'

/** What `deploy` and `rollback` plan alike: another image on a workload, and the one that runs now as the way back. */
export async function planRelease(
  ctx: ReadContext,
  place: Place,
  workload: Workload,
  to: { readonly image: string; readonly version: string; readonly builtAt?: string },
): Promise<Omit<PlanDraft, 'input' | 'summary'>> {
  // By digest where it is known: the tag may mean another image by the time somebody takes this back.
  const { tag, digest = workload.runningDigest } = parseImage(workload.image)
  const version = tag && digest ? `${tag}@${digest}` : (digest ?? tag ?? workload.version)
  const back = { service: place.service.name, version, environment: place.environment.name }
  return {
    targets: [place.target],
    changes: [
      { target: place.says, field: 'image', from: workload.image, to: to.image },
      { target: place.says, field: 'version', from: workload.version, to: to.version },
    ],
    preconditions: [{ target: place.says, field: 'container', is: workload.container }],
    undo: { skill: 'deploy', input: back, says: `Deploy ${sayVersion(version)} again` },
    steps: [...RELEASE_STEPS],
    evidence: await changeEvidence(ctx, place, workload, { builtAt: to.builtAt }),
    warnings: workloadWarnings(place, workload),
    alreadySo:
      workload.image === to.image && !workload.rollingOut ? `${place.says} already runs ${to.version}.` : undefined,
  }
}
