import { type BuiltImage, buildImage, type ImageSource, type StoredContent } from './images.ts'

/** An image reference taken apart: `registry.sandbox.test/shop/checkout:1.4.1@sha256:…`. */
export interface ImageReference {
  host: string
  repository: string
  tag: string | undefined
  digest: string | undefined
}

export interface ResolvedImage {
  repository: string
  /** Known when the reference has a tag or the digest belongs to one. */
  tag: string | undefined
  digest: string
  sizeBytes: number
}

interface Repository {
  tags: Map<string, { source: ImageSource; image: BuiltImage | undefined }>
  byDigest: Map<string, { tag: string; content: StoredContent }>
  blobs: Map<string, StoredContent>
}

/** @returns undefined when the text is no image reference at all */
export function parseReference(text: string): ImageReference | undefined {
  const match =
    /^(?:([^/]+(?:\.[^/]*|:\d+))\/)?([a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::(\w[\w.-]{0,127}))?(?:@(sha256:[a-f0-9]{64}))?$/.exec(
      text,
    )
  if (match?.[2] === undefined) return undefined
  const [, host = 'docker.io', repository, tag, digest] = match
  return { host, repository, tag: tag ?? (digest === undefined ? 'latest' : undefined), digest }
}

/** What the sandbox's registry holds. Images are built when they are first asked for, to keep the start quick. */
export class Registry {
  readonly host: string
  /** While true every request fails with 503 and nodes cannot pull. */
  down = false
  readonly #repositories = new Map<string, Repository>()

  constructor(host: string) {
    this.host = host
  }

  /** Adds a tag, or moves it to another image; what it pointed at stays reachable by digest. */
  publish(source: ImageSource): void {
    let repository = this.#repositories.get(source.repository)
    if (repository === undefined) {
      repository = { tags: new Map(), byDigest: new Map(), blobs: new Map() }
      this.#repositories.set(source.repository, repository)
    }
    repository.tags.set(source.tag, { source, image: undefined })
  }

  remove(repository: string, tag: string): void {
    this.#repositories.get(repository)?.tags.delete(tag)
  }

  repositories(): string[] {
    return [...this.#repositories.keys()].sort()
  }

  /** Tags in lexical order, or undefined when there is no such repository. */
  tags(repository: string): string[] | undefined {
    const known = this.#repositories.get(repository)
    return known && [...known.tags.keys()].sort()
  }

  has(repository: string): boolean {
    return this.#repositories.has(repository)
  }

  /** A manifest or index by tag or digest. */
  manifest(repository: string, reference: string): { digest: string; content: StoredContent } | undefined {
    const known = this.#repositories.get(repository)
    if (known === undefined) return undefined
    const digest = reference.startsWith('sha256:') ? reference : this.#built(known, reference)?.digest
    if (digest === undefined) return undefined
    this.#buildAll(known, digest)
    const found = known.byDigest.get(digest)
    return found && { digest, content: found.content }
  }

  /** The linux/amd64 manifest behind a tag, for clients that do not take an index. */
  platformManifest(repository: string, reference: string): { digest: string; content: StoredContent } | undefined {
    const known = this.#repositories.get(repository)
    const image = known && this.#built(known, reference)
    return image && this.manifest(repository, image.platformDigest)
  }

  blob(repository: string, digest: string): StoredContent | undefined {
    const known = this.#repositories.get(repository)
    if (known === undefined) return undefined
    this.#buildAll(known, digest)
    return known.blobs.get(digest)
  }

  /** What a node gets when it pulls; undefined when there is no such image. */
  resolve(reference: ImageReference): ResolvedImage | undefined {
    if (reference.host !== this.host) return undefined
    const known = this.#repositories.get(reference.repository)
    if (known === undefined) return undefined
    if (reference.digest !== undefined) {
      this.#buildAll(known, reference.digest)
      const found = known.byDigest.get(reference.digest)
      if (found === undefined) return undefined
      const sizeBytes = known.tags.get(found.tag)?.source.sizeBytes ?? 0
      return { repository: reference.repository, tag: found.tag, digest: reference.digest, sizeBytes }
    }
    const tag = reference.tag ?? 'latest'
    const image = this.#built(known, tag)
    if (image === undefined) return undefined
    const sizeBytes = known.tags.get(tag)?.source.sizeBytes ?? 0
    return { repository: reference.repository, tag, digest: image.digest, sizeBytes }
  }

  #built(repository: Repository, tag: string): BuiltImage | undefined {
    const entry = repository.tags.get(tag)
    if (entry === undefined || entry.image !== undefined) return entry?.image
    entry.image = buildImage(entry.source)
    for (const [digest, content] of entry.image.manifests) repository.byDigest.set(digest, { tag, content })
    for (const [digest, content] of entry.image.blobs) repository.blobs.set(digest, content)
    return entry.image
  }

  #buildAll(repository: Repository, digest: string): void {
    if (repository.byDigest.has(digest) || repository.blobs.has(digest)) return
    for (const tag of repository.tags.keys()) this.#built(repository, tag)
  }
}
