import type { Applied } from './outside.ts'

export const FIRST_REPLICAS = 2
export const FIRST_IMAGE = `registry.example/app:1.0@sha256:${'1'.repeat(64)}`
const WRITES = 'quarterdeck.dev/writes'

interface Kept {
  version: number
  generation: number
  replicas: number
  image: string
  annotations: Record<string, string>
  owns: { replicas: boolean; image: boolean }
}

/**
 * Deployments as the API server keeps them, as far as a change of image or replicas goes: server-side apply under a resourceVersion, a
 * conflict for an old one, and every rollout done at once. Each is there when it is first asked for. What it accepts it counts.
 */
export class Deployments {
  readonly #kept = new Map<string, Kept>()
  readonly #note: (mark: string) => void
  /** Writes let through, by the operation and step that they name. */
  readonly accepted = new Map<string, number>()
  /** Writes refused because they rest on a version that is no more. */
  conflicts = 0

  /** @param note hears of each write that is let through */
  constructor(note: (mark: string) => void = () => undefined) {
    this.#note = note
  }

  read(name: string): { status: number; content: unknown } {
    return { status: 200, content: this.#shown(name, this.#of(name)) }
  }

  apply(name: string, { metadata, spec }: Applied): { status: number; content: unknown } {
    const kept = this.#of(name)
    // As the API server has it: whoever names no version overwrites any.
    if (metadata.resourceVersion !== undefined && metadata.resourceVersion !== String(kept.version)) {
      this.conflicts += 1
      const message = `the object has been modified; it is at ${kept.version}`
      return { status: 409, content: { kind: 'Status', status: 'Failure', reason: 'Conflict', code: 409, message } }
    }
    const [container] = spec.template?.spec?.containers ?? []
    const changed =
      (spec.replicas ?? kept.replicas) !== kept.replicas || (container?.image ?? kept.image) !== kept.image
    kept.owns = { replicas: spec.replicas !== undefined, image: container !== undefined }
    kept.replicas = spec.replicas ?? kept.replicas
    kept.image = container?.image ?? kept.image
    kept.annotations = metadata.annotations
    kept.version += 1
    kept.generation += changed ? 1 : 0
    const mark = markOf({ metadata })
    // It says that a write will not happen: an effect only if it is one.
    if (mark.startsWith('!') && !changed) return { status: 200, content: this.#shown(name, kept) }
    this.accepted.set(mark, (this.accepted.get(mark) ?? 0) + 1)
    this.#note(mark)
    return { status: 200, content: this.#shown(name, kept) }
  }

  state(name: string): Pick<Kept, 'replicas' | 'image'> {
    return this.#of(name)
  }

  #of(name: string): Kept {
    const known = this.#kept.get(name)
    if (known) return known
    const owns = { replicas: false, image: false }
    const fresh = { version: 1, generation: 1, replicas: FIRST_REPLICAS, image: FIRST_IMAGE, annotations: {}, owns }
    this.#kept.set(name, fresh)
    return fresh
  }

  #shown(name: string, { version, generation, replicas, image, annotations, owns }: Kept) {
    const container = { 'f:image': {} }
    const fieldsV1 = {
      'f:metadata': { 'f:annotations': Object.fromEntries(Object.keys(annotations).map((key) => [`f:${key}`, {}])) },
      'f:spec': {
        ...(owns.replicas ? { 'f:replicas': {} } : {}),
        ...(owns.image
          ? { 'f:template': { 'f:spec': { 'f:containers': { [`k:${JSON.stringify({ name: 'app' })}`]: container } } } }
          : {}),
      },
    }
    return {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {
        ...{ name, namespace: 'prove', uid: `uid-${name}`, resourceVersion: String(version), generation, annotations },
        managedFields: [{ manager: 'quarterdeck', operation: 'Apply', fieldsV1 }],
      },
      spec: {
        replicas,
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'app', image }] } },
      },
      status: {
        ...{ observedGeneration: generation, replicas, updatedReplicas: replicas },
        ...{ readyReplicas: replicas, availableReplicas: replicas },
      },
    }
  }
}

/** The operation and step that a write names; with a `!` before it where it says that this write will not happen. */
export function markOf({ metadata }: Pick<Applied, 'metadata'>): string {
  const writes: unknown = JSON.parse(metadata.annotations[WRITES] ?? '[]')
  return Array.isArray(writes) ? String(writes.at(-1)) : 'unmarked'
}
