import { parseImage } from '../../core/image-reference.ts'

/** How an image is said to people: `1.4.2 (sha256:0f3a9c…)`. */
export function sayImage(image: string): string {
  const { tag, digest } = parseImage(image)
  const short = digest ? shortDigest(digest) : undefined
  if (tag && short) return `${tag} (${short})`
  return tag ?? short ?? image
}

/** A version that names one image for good: `1.4.2@sha256:…`; undefined for every other. */
export function exactVersion(said: string): { readonly tag: string; readonly digest: string } | undefined {
  const [, tag, digest] = /^([^@]+)@(sha256:[0-9a-f]+)$/.exec(said) ?? []
  return tag && digest ? { tag, digest } : undefined
}

/** The same for a version as it is written in a plan's input. */
export function sayVersion(version: string): string {
  const exact = exactVersion(version)
  if (exact) return `${exact.tag} (${shortDigest(exact.digest)})`
  return version.startsWith('sha256:') ? shortDigest(version) : version
}

const shortDigest = (digest: string) => `${digest.slice(0, 19)}…`
