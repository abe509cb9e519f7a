/** Image references: `host/path:tag@sha256:…` (grammar: distribution spec, reference). */
export interface ImageReference {
  readonly repository: string
  readonly tag: string | undefined
  readonly digest: string | undefined
}

export function parseImage(image: string): ImageReference {
  const [named = '', digest] = image.split('@')
  const slash = named.lastIndexOf('/')
  const colon = named.indexOf(':', slash + 1)
  return {
    repository: colon === -1 ? named : named.slice(0, colon),
    tag: colon === -1 ? undefined : named.slice(colon + 1),
    digest,
  }
}

/** How an image is said to people: `1.4.2 (sha256:0f3a9c…)`. */
export function sayImage(image: string): string {
  const { tag, digest } = parseImage(image)
  const short = digest ? `${digest.slice(0, 19)}…` : undefined
  if (tag && short) return `${tag} (${short})`
  return tag ?? short ?? image
}
