import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { mediaTypes } from './media-types.ts'
import { writeTar } from './tar.ts'

export interface ImageSource {
  /** Repository without the registry, such as `shop/checkout`. */
  repository: string
  tag: string
  createdAt: Date
  /** Git commit, 40 hex digits. */
  revision: string
  /** Where the source lives. */
  sourceUrl: string
  /** What the image is said to weigh when it is pulled, in bytes. */
  sizeBytes: number
}

export interface StoredContent {
  mediaType: string
  bytes: Buffer
}

export interface BuiltImage {
  /** Digest that the tag points at: the index over both platforms. */
  digest: string
  manifests: Map<string, StoredContent>
  blobs: Map<string, StoredContent>
  /** Digest of the manifest for linux/amd64. */
  platformDigest: string
}

const platforms = ['amd64', 'arm64'] as const

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

/** Builds an image whose digests are really those of its bytes; the same source gives the same digests. */
export function buildImage(source: ImageSource): BuiltImage {
  const manifests = new Map<string, StoredContent>()
  const blobs = new Map<string, StoredContent>()
  const add = (into: Map<string, StoredContent>, mediaType: string, bytes: Buffer) => {
    const digest = digestOf(bytes)
    into.set(digest, { mediaType, bytes })
    return { mediaType, digest, size: bytes.length }
  }
  const asJson = (value: unknown) => Buffer.from(JSON.stringify(value))
  const annotations = {
    'org.opencontainers.image.created': source.createdAt.toISOString(),
    'org.opencontainers.image.revision': source.revision,
    'org.opencontainers.image.source': source.sourceUrl,
    'org.opencontainers.image.version': source.tag,
  }
  const entries = platforms.map((architecture) => {
    const program = `${source.repository} ${source.tag} ${source.revision} linux/${architecture}\n`
    const tar = writeTar('app/VERSION', Buffer.from(program))
    const layer = add(blobs, mediaTypes.layer, gzipSync(tar))
    const config = add(
      blobs,
      mediaTypes.config,
      asJson({
        created: source.createdAt.toISOString(),
        architecture,
        os: 'linux',
        config: { Entrypoint: ['/app/server'], ExposedPorts: { '8080/tcp': {} }, Labels: annotations },
        rootfs: { type: 'layers', diff_ids: [digestOf(tar)] },
        history: [{ created: source.createdAt.toISOString(), created_by: 'COPY app /app' }],
      }),
    )
    const manifest = add(
      manifests,
      mediaTypes.manifest,
      asJson({ schemaVersion: 2, mediaType: mediaTypes.manifest, config, layers: [layer], annotations }),
    )
    return { ...manifest, platform: { architecture, os: 'linux' } }
  })
  const index = add(
    manifests,
    mediaTypes.index,
    asJson({ schemaVersion: 2, mediaType: mediaTypes.index, manifests: entries, annotations }),
  )
  return { digest: index.digest, manifests, blobs, platformDigest: entries[0]?.digest ?? index.digest }
}
