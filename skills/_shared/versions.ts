import { closest } from 'fastest-levenshtein'
import { UserError } from '../../core/errors.ts'
import { type ImageReference, parseImage } from '../../core/image-reference.ts'
import type { Workload } from '../../core/ports/cluster.ts'
import type { ReadContext } from '../../core/skill.ts'
import { exactVersion, sayVersion } from './images.ts'
import { findEnvironment, type Place } from './targets.ts'

/** A version as it will run: pinned to what the registry holds now. */
export interface PinnedVersion {
  /** The tag, or the digest where one was given. */
  readonly version: string
  readonly digest: string
  /** How the plan asks for the same again: its version, or `tag@digest` where exactly that image was asked for. */
  readonly asked: string
  /** `repository:tag@digest`: readable, and exactly one image. */
  readonly image: string
  readonly createdAt: string | undefined
  /** Why the tag may not be what it seems: it was said together with a digest, and nobody else joins the two. */
  readonly doubt?: string
}

/** Looks the wished version up in the image registry; what is approved is the digest found here. */
export async function pinVersion(
  ctx: ReadContext,
  place: Place,
  workload: Workload,
  said: string,
): Promise<PinnedVersion> {
  const repository = place.service.repository ?? parseImage(workload.image).repository
  const exact = exactVersion(said)
  if (exact) return pinExactly(ctx, place, repository, exact)
  const elsewhere = said.startsWith('@') ? await imageIn(ctx, place, said.slice(1)) : undefined
  // The digest that runs there, whatever its tag means by now.
  const wished = elsewhere ? (elsewhere.digest ?? elsewhere.tag ?? '') : await nameVersion(ctx, place, repository, said)
  for (const reference of spellings(wished)) {
    const found = await ctx.registry.resolve(repository, reference)
    if (!found) continue
    const tag = reference.startsWith('sha256:') ? elsewhere?.tag : reference
    const image = `${repository}${tag ? `:${tag}` : ''}@${found.digest}`
    const version = tag ?? reference
    return { version, asked: version, digest: found.digest, image, createdAt: found.createdAt }
  }
  const tags = await ctx.registry.tags(repository)
  const near = tags.length ? [closest(wished, [...tags]), ...tags.slice(0, 4)] : []
  const offers = [...new Set(near)].slice(0, 4)
  const known = offers.length
    ? ` The registry has ${offers.join(', ')}${tags.length > offers.length ? ' and others' : ''}.`
    : ''
  // Whole sentences: a bare version said next would be no request.
  const says = offers.map((tag) => `deploy ${place.service.name} ${tag} to ${place.environment.name}`)
  throw new UserError(`${place.service.name} has no version ${wished} in its registry.${known}`, says)
}

/** The image with this digest, whatever its tag means by now. What the cluster remembers needs no registry. */
async function pinExactly(
  ctx: ReadContext,
  place: Place,
  repository: string,
  { tag, digest }: { readonly tag: string; readonly digest: string },
): Promise<PinnedVersion> {
  const asked = `${tag}@${digest}`
  const ran = (await ctx.cluster.revisions(place.ref)).find(({ image }) => parseImage(image).digest === digest)
  if (ran) {
    const doubt = ran.version === tag ? undefined : `This image ran here as ${ran.version}, not as ${tag}.`
    return { version: ran.version, asked, digest, image: ran.image, createdAt: undefined, doubt }
  }
  const found = await ctx.registry.resolve(repository, digest)
  if (found) {
    const tagged = await ctx.registry.resolve(repository, tag)
    const doubt = tagged?.digest === digest ? undefined : `In the registry this image is not ${tag} (any more).`
    return { version: tag, asked, digest, image: `${repository}:${asked}`, createdAt: found.createdAt, doubt }
  }
  const rollback = `rollback ${place.service.name} in ${place.environment.name}`
  throw new UserError(
    `Neither the cluster nor the registry still has ${place.service.name} ${sayVersion(asked)}. Say "${rollback}" to go to what the cluster remembers.`,
    [rollback],
  )
}

/** What is on its way to a release: only who names it means it. */
const CANDIDATE = /^v?\d+\.\d+(?:\.\d+)?-(?:alpha|beta|rc|pre|preview|dev|snapshot|next|canary|nightly|milestone|m\d)/i

async function nameVersion(ctx: ReadContext, place: Place, repository: string, said: string): Promise<string> {
  if (said === 'previous') return (await previousRevision(ctx, place)).version
  if (said !== 'latest') return said
  const tags = await ctx.registry.tags(repository)
  const newest = tags.find((tag) => !CANDIDATE.test(tag)) ?? tags[0]
  if (!newest) throw new UserError(`The registry has no versions of ${place.service.name}.`)
  return newest
}

/** The image that a service runs in another environment. */
async function imageIn(ctx: ReadContext, place: Place, environment: string): Promise<ImageReference> {
  const service = place.service.name
  const { name } = findEnvironment(ctx.catalog, environment)
  const workload = await ctx.cluster.workload({ service, environment: name })
  if (workload.rollingOut)
    throw new UserError(`${service} is being rolled out in ${name} just now. Ask again when that has ended.`)
  const image = parseImage(workload.image)
  if (!image.tag && !image.digest) throw new UserError(`Which version of ${service} runs in ${name} cannot be told.`)
  return image
}

/** The newest revision that ran another image than what runs now. */
export async function previousRevision(ctx: ReadContext, place: Place) {
  const revisions = [...(await ctx.cluster.revisions(place.ref))].sort((a, b) => b.revision - a.revision)
  const active = revisions.find((revision) => revision.active)
  const previous = revisions.find((revision) => !revision.active && revision.image !== active?.image)
  if (!previous)
    throw new UserError(
      `${place.says} has no previous version: the cluster remembers only ${active?.version ?? 'one'}.`,
    )
  return previous
}

function spellings(version: string): readonly string[] {
  if (version.startsWith('sha256:')) return [version]
  return version.startsWith('v') ? [version, version.slice(1)] : [version, `v${version}`]
}
