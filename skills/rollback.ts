import { z } from 'zod'
import { UserError } from '../core/errors.ts'
import { parseImage } from '../core/image-reference.ts'
import { Environment, Service, Version } from '../core/parameters.ts'
import type { Revision } from '../core/ports/cluster.ts'
import { defineSkill, type ReadContext } from '../core/skill.ts'
import { putBackRelease, releaseOf, runRelease } from './_shared/release.ts'
import { planRelease } from './_shared/release-plan.ts'
import { findPlace, type Place, refuseIfPaused, refuseIfReverted } from './_shared/targets.ts'
import { previousRevision } from './_shared/versions.ts'

export default defineSkill({
  name: 'rollback',
  summary: 'Go back to a version that ran before; without a version, to the one before this',
  examples: [
    'rollback checkout in production',
    'roll back cart in staging to 1.8.0',
    'put payments prod back to the previous version',
  ],
  aliases: ['roll back', 'revert', 'go back'],
  input: z.object({ service: Service, environment: Environment, version: Version.optional() }),
  risk: 'write',
  allow: ['operator'],

  async preview(input, ctx) {
    const place = findPlace(ctx.catalog, input)
    const workload = await ctx.cluster.workload(place.ref)
    refuseIfReverted(place, workload.owner)
    refuseIfPaused(place, workload)
    const { revision, version } = await findRevision(ctx, place, input.version)
    const plan = await planRelease(ctx, place, workload, { image: revision.image, version: revision.version })
    const { service, environment } = place.ref
    return {
      ...plan,
      input: { service, environment, version },
      summary: `Roll ${service} in ${environment} back to ${revision.version}`,
      warnings: [...(plan.warnings ?? []), ...(await imageWarning(ctx, revision.image))],
    }
  },
  run: (plan, ctx) => runRelease(releaseOf(plan), ctx),
  compensate: (plan, ctx, why) => putBackRelease(releaseOf(plan), ctx, why),
})

/** The revision that is meant, and the word by which the same one is found again: its version, or its digest where a tag ran as several images. */
async function findRevision(
  ctx: ReadContext,
  place: Place,
  said: string | undefined,
): Promise<{ readonly revision: Revision; readonly version: string }> {
  const revisions = [...(await ctx.cluster.revisions(place.ref))].sort((a, b) => b.revision - a.revision)
  const found =
    !said || said === 'previous'
      ? await previousRevision(ctx, place)
      : (revisions.find((one) => one.version === said || one.version === said.replace(/^v/, '')) ??
        revisions.find((one) => parseImage(one.image).digest === said))
  if (found) {
    const { version, image } = found
    const images = new Set(revisions.filter((one) => one.version === version).map((one) => one.image))
    return { revision: found, version: images.size > 1 ? (parseImage(image).digest ?? version) : version }
  }
  const ran = [...new Set(revisions.map((revision) => revision.version))].slice(0, 5)
  throw new UserError(
    `${said} is not among what the cluster remembers of ${place.says} (${ran.join(', ')}). Use deploy for a version that did not run.`,
    ran,
  )
}

/** A rollback must work while the registry is down: then it is a warning, not a refusal. */
async function imageWarning(ctx: ReadContext, image: string): Promise<string[]> {
  const { repository, tag, digest } = parseImage(image)
  const reference = digest ?? tag
  if (!reference) return []
  try {
    const found = await ctx.registry.resolve(repository, reference)
    return found ? [] : [`The registry no longer has ${reference}: only nodes that kept the image can start it.`]
  } catch {
    return ['The registry does not answer, so it is not known whether it still has this image.']
  }
}
