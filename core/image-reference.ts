/** `registry/repository:tag@digest`, taken apart. */
export interface ImageReference {
  /** With its registry host when it has one. */
  readonly repository: string
  readonly tag: string | undefined
  readonly digest: string | undefined
}

/** Takes an image apart as the distribution grammar does: a colon after the last slash starts the tag, an `@` the digest. */
export function parseImage(image: string): ImageReference {
  const at = image.indexOf('@')
  const digest = at < 0 ? undefined : image.slice(at + 1)
  const rest = at < 0 ? image : image.slice(0, at)
  const colon = rest.indexOf(':', rest.lastIndexOf('/') + 1)
  if (colon < 0) return { repository: rest, tag: undefined, digest }
  return { repository: rest.slice(0, colon), tag: rest.slice(colon + 1), digest }
}
