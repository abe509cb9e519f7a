import { StringDecoder } from 'node:string_decoder'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { messageOf, UpstreamError } from '../../core/errors.ts'
import { ApiError, apiErrorOf } from './api-error.ts'
import type { Cluster, Query } from './cluster.ts'

/** The server ends each watch after this long, so that a connection that died silently is noticed soon. */
const WATCH_SECONDS = 60
const SILENCE_MS = (WATCH_SECONDS + 10) * 1000
/** A watch that stood this long was a good one, whatever ended it. */
const STEADY_MS = 1_000
/** Whatever is asked for: who follows must still notice when the patience is over. */
const LONGEST_REST_MS = 60_000

const Line = z.object({ type: z.string(), object: z.unknown() })
const Versioned = z.object({
  metadata: z.object({ name: z.string().default(''), resourceVersion: z.string().default('') }),
})
const StatusCode = z.object({ code: z.number().default(500) })

export interface MirrorOptions<T> {
  readonly path: string
  readonly item: z.ZodType<T>
  readonly query?: Query
  readonly signal: AbortSignal
  readonly onChange: () => void
  /** How long the cluster may be out of reach before `done` rejects. */
  readonly patienceMs: number
}

/** A live local copy of a list. */
export interface Mirror<T> {
  /** By name; empty until the first list has arrived. */
  readonly items: ReadonlyMap<string, T>
  readonly listed: () => boolean
  /** Resolves when the signal aborts; rejects when the cluster refuses, or stays out of reach beyond the patience. */
  readonly done: Promise<void>
}

/**
 * Lists, then watches from the list's resourceVersion, and goes on after every interruption from the newest one seen; a 410 Gone (the
 * version is too old) starts over with a new list. See "Efficient detection of changes" in the Kubernetes API concepts.
 */
export function mirror<T>(cluster: Cluster, options: MirrorOptions<T>): Mirror<T> {
  const items = new Map<string, T>()
  let listed = false
  let version: string | undefined
  let failures = 0
  let downSince: number | undefined

  const reached = () => {
    failures = 0
    downSince = undefined
  }

  async function list(): Promise<string> {
    const page = await cluster.list(options.path, z.looseObject({}), options.query)
    items.clear()
    for (const raw of page.items) items.set(Versioned.parse(raw).metadata.name, options.item.parse(raw))
    listed = true
    downSince = undefined
    options.onChange()
    return page.resourceVersion
  }

  function take(text: string): void {
    const { type, object } = Line.parse(JSON.parse(text))
    if (type === 'ERROR') throw apiErrorOf(StatusCode.parse(object).code, JSON.stringify(object))
    const { name, resourceVersion } = Versioned.parse(object).metadata
    version = resourceVersion
    if (type === 'BOOKMARK') return
    if (type === 'DELETED') items.delete(name)
    else items.set(name, options.item.parse(object))
    options.onChange()
  }

  async function watch(from: string): Promise<void> {
    const query = { ...options.query, resourceVersion: from, allowWatchBookmarks: true, timeoutSeconds: WATCH_SECONDS }
    const body = await cluster.openWatch(options.path, query, options.signal, SILENCE_MS)
    const openedAt = performance.now()
    try {
      for await (const line of lines(body)) {
        take(line)
        reached()
      }
      downSince = undefined
    } finally {
      body.destroy()
      if (performance.now() - openedAt >= STEADY_MS) reached()
    }
  }

  async function run(): Promise<void> {
    while (!options.signal.aborted) {
      let askedMs: number | undefined
      try {
        version ??= await list()
        await watch(version)
      } catch (error) {
        if (options.signal.aborted) return
        if (error instanceof ApiError && error.status === 410) version = undefined
        else {
          if (error instanceof z.ZodError || (error instanceof UpstreamError && !error.retryable)) throw error
          downSince ??= performance.now()
          if (performance.now() - downSince > options.patienceMs) throw outOfReach(error, cluster, options.patienceMs)
          askedMs = error instanceof UpstreamError ? error.retryAfterMs : undefined
        }
      }
      // Also after a watch that ended in order: a server or a proxy that ends each one at once must not be asked without a rest.
      const restMs = cluster.resilience.delayMs(failures++, askedMs)
      await pause(Math.min(restMs, LONGEST_REST_MS), undefined, { signal: options.signal }).catch(() => {})
    }
  }
  return { items, listed: () => listed, done: run() }
}

function outOfReach(error: unknown, cluster: Cluster, patienceMs: number): UpstreamError {
  if (error instanceof UpstreamError) return error
  return new UpstreamError(
    `The cluster "${cluster.name}" could not be watched for ${Math.round(patienceMs / 1000)} s (${messageOf(error)}).`,
    { service: `cluster ${cluster.name}`, retryable: true, cause: error },
  )
}

/** Complete lines of a byte stream; a last one that was cut off is dropped. */
async function* lines(body: AsyncIterable<unknown>): AsyncIterable<string> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  for await (const chunk of body) {
    // undici's body yields buffers; its type only says unknown.
    const parts = (rest + decoder.write(chunk as Buffer)).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) if (part.trim()) yield part
  }
}
