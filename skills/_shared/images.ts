import { parseImage } from '../../core/image-reference.ts'

/** How an image is said to people: `1.4.2 (sha256:0f3a9c…)`. */
export function sayImage(image: string): string {
  const { tag, digest } = parseImage(image)
  const short = digest ? `${digest.slice(0, 19)}…` : undefined
  if (tag && short) return `${tag} (${short})`
  return tag ?? short ?? image
}
