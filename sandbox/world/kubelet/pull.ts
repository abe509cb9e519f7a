import type { Random } from '../../random.ts'
import { parseReference, type Registry, type ResolvedImage } from '../../registry/registry.ts'

export type PullOutcome =
  | { ok: true; image: ResolvedImage; tookMs: number }
  | { ok: false; reason: 'ErrImagePull' | 'InvalidImageName'; message: string; tookMs: number }

const bytesPerMs = 35_000

/** What containerd would answer to a pull of this reference, and how long it would take. */
export function pullImage(registry: Registry, reference: string, cached: boolean, random: Random): PullOutcome {
  const parsed = parseReference(reference)
  if (parsed === undefined) {
    const message = `Failed to apply default image tag "${reference}": couldn't parse image name "${reference}": invalid reference format`
    return { ok: false, reason: 'InvalidImageName', message, tookMs: 0 }
  }
  const failure = (why: string, code: string): PullOutcome => ({
    ok: false,
    reason: 'ErrImagePull',
    message: `rpc error: code = ${code} desc = failed to pull and unpack image "${reference}": failed to resolve reference "${reference}": ${why}`,
    tookMs: Math.round(random.between(300, 900)),
  })
  if (parsed.host !== registry.host) {
    const why = `failed to do request: Head "https://${parsed.host}/v2/${parsed.repository}/manifests/${parsed.tag ?? parsed.digest}": dial tcp: lookup ${parsed.host}: no such host`
    return failure(why, 'Unknown')
  }
  if (registry.down) {
    const url = `https://${registry.host}/v2/${parsed.repository}/manifests/${parsed.tag ?? parsed.digest}`
    return failure(`unexpected status from HEAD request to ${url}: 503 Service Unavailable`, 'Unavailable')
  }
  const image = registry.resolve(parsed)
  if (image === undefined) return failure(`${reference}: not found`, 'NotFound')
  const transferMs = cached ? 0 : image.sizeBytes / bytesPerMs
  return { ok: true, image, tookMs: Math.round(transferMs + random.between(150, 600)) }
}

/** "1.234s", "345ms": how Go prints a duration of this size. */
export function formatDuration(ms: number): string {
  return ms < 1000 ? `${ms}ms` : `${Number((ms / 1000).toFixed(3))}s`
}
