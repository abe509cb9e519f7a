import { type Dispatcher, request } from 'undici'
import { z } from 'zod'
import { ConfigError, messageOf, UpstreamError } from '../../core/errors.ts'
import { createResilience, type Resilience, type ResilienceOptions } from '../resilience.ts'
import { networkTrouble, retryAfterMs, Trouble } from '../trouble.ts'
import { ApiError, apiErrorOf, explainFailure } from './api-error.ts'
import { authorizeInTime, type Connection } from './connection.ts'

export type Query = Readonly<Record<string, string | number | boolean | undefined>>

export interface ClusterOptions {
  /** The context's name, for sentences. */
  readonly name: string
  readonly connect: () => Promise<Connection>
  readonly clock: () => Date
  readonly resilience: ResilienceOptions
  readonly requestTimeoutMs: number
}

interface Call {
  readonly path: string
  readonly query?: Query
  readonly method?: 'GET' | 'PATCH'
  readonly body?: string
  readonly contentType?: string
  readonly accept?: string
  /** Bytes after which the answer is no longer read. */
  readonly limitBytes?: number
}

const PAGE = 500
const LARGEST_ANSWER = 64 * 1024 * 1024

const Page = z.object({
  metadata: z.object({ resourceVersion: z.string().default(''), continue: z.string().default('') }).prefault({}),
  items: z.array(z.unknown()).nullable().default([]),
})

/** One API server: calls with a timeout, retries for reads, one circuit breaker. Failures come out as sentences (see explainFailure). */
export class Cluster {
  readonly name: string
  readonly resilience: Resilience
  readonly #options: ClusterOptions
  #connection: Promise<Connection> | undefined

  constructor(options: ClusterOptions) {
    this.name = options.name
    this.#options = options
    this.resilience = createResilience(options.resilience)
  }

  async get<T>(path: string, schema: z.ZodType<T>, query?: Query): Promise<T> {
    return this.#parsed(await this.#reading(() => this.#send({ path, query })), schema, path)
  }

  /** A single try without retries: for asking how the cluster is. */
  async ask<T>(path: string, schema: z.ZodType<T>, query?: Query): Promise<T> {
    const text = await this.#explained(() => this.resilience.once(() => this.#send({ path, query })))
    return this.#parsed(text, schema, path)
  }

  /** All pages. `resourceVersion` is the one to watch from. */
  async list<T>(path: string, item: z.ZodType<T>, query: Query = {}): Promise<{ items: T[]; resourceVersion: string }> {
    let items: T[] = []
    let begunAgain = false
    for (let next = ''; ; ) {
      try {
        const page = await this.get(path, Page, { ...query, limit: PAGE, continue: next || undefined })
        for (const raw of page.items ?? []) items.push(this.#checked(raw, item, path))
        next = page.metadata.continue
        if (!next) return { items, resourceVersion: page.metadata.resourceVersion }
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        // The state that the first page showed is forgotten by now.
        if (error.status !== 410 || !next || begunAgain) throw this.#notServed(path, error)
        begunAgain = true
        items = []
        next = ''
      }
    }
  }

  /** Plain text, e.g. a log; at most `limitBytes`. */
  text(path: string, query: Query, limitBytes: number): Promise<string> {
    return this.#reading(() => this.#send({ path, query, accept: '*/*', limitBytes }))
  }

  /** Server-side apply, forced, one try: the caller must know whether a second one is safe. */
  async apply<T>(path: string, body: object, schema: z.ZodType<T>, fieldManager: string): Promise<T> {
    const call: Call = {
      path,
      method: 'PATCH',
      query: { fieldManager, force: true },
      body: JSON.stringify(body),
      contentType: 'application/apply-patch+yaml', // JSON is YAML
    }
    return this.#parsed(await this.#explained(() => this.resilience.once(() => this.#send(call))), schema, path)
  }

  /** The open response of a watch: its status is 200, its body one JSON a line. */
  openWatch(
    path: string,
    query: Query,
    signal: AbortSignal,
    silenceMs: number,
  ): Promise<Dispatcher.ResponseData['body']> {
    return this.#explained(() =>
      this.resilience.once(async () => {
        const response = await this.#request({ path, query: { ...query, watch: true } }, signal, silenceMs)
        return response.body
      }),
    )
  }

  async close(): Promise<void> {
    await (await this.#connection?.catch(() => undefined))?.close()
  }

  #reading<T>(call: () => Promise<T>): Promise<T> {
    return this.#explained(() => this.resilience.again(call))
  }

  async #explained<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call()
    } catch (error) {
      throw explainFailure(error, this.name)
    }
  }

  #parsed<T>(text: string, schema: z.ZodType<T>, path: string): T {
    let raw: unknown
    try {
      raw = JSON.parse(text)
    } catch (error) {
      throw this.#nonsense(path, messageOf(error))
    }
    return this.#checked(raw, schema, path)
  }

  #checked<T>(raw: unknown, schema: z.ZodType<T>, path: string): T {
    const result = schema.safeParse(raw)
    if (!result.success) throw this.#nonsense(path, z.prettifyError(result.error))
    return result.data
  }

  /** What no caller of a list can make anything of; 410 is for who watches from it. */
  #notServed(path: string, error: ApiError): Error {
    if (error.status === 410) return error
    const says = `The cluster "${this.name}" does not serve ${path}: ${error.message}.`
    return new UpstreamError(says, { service: `cluster ${this.name}`, retryable: false, cause: error })
  }

  #nonsense(path: string, why: string): UpstreamError {
    return new UpstreamError(
      `The cluster "${this.name}" answers ${path} with something that is no Kubernetes answer: ${why}.`,
      {
        service: `cluster ${this.name}`,
        retryable: false,
      },
    )
  }

  async #send(call: Call): Promise<string> {
    const timeout = AbortSignal.timeout(this.#options.requestTimeoutMs)
    const response = await this.#request(call, timeout, this.#options.requestTimeoutMs)
    try {
      return await readText(response.body, call.limitBytes)
    } catch (error) {
      throw networkTrouble(error) ?? error
    }
  }

  /** Throws Trouble for network failures, 429 and 5xx, and ApiError for every other answer that is not 2xx. */
  async #request(call: Call, signal: AbortSignal, silenceMs: number): Promise<Dispatcher.ResponseData> {
    const connection = await this.#connected()
    const url = new URL(connection.server + call.path)
    for (const [key, value] of Object.entries(call.query ?? {}))
      if (value !== undefined) url.searchParams.set(key, String(value))
    let response: Dispatcher.ResponseData
    try {
      const { headers, dispatcher } = await authorizeInTime(connection, signal, this.#options.requestTimeoutMs)
      response = await request(url, {
        method: call.method ?? 'GET',
        headers: {
          ...headers,
          accept: call.accept ?? 'application/json',
          'user-agent': 'quarterdeck',
          ...(call.contentType ? { 'content-type': call.contentType } : {}),
        },
        ...(call.body === undefined ? {} : { body: call.body }),
        dispatcher,
        signal,
        headersTimeout: this.#options.requestTimeoutMs,
        bodyTimeout: silenceMs,
      })
    } catch (error) {
      throw networkTrouble(error) ?? this.#misconfigured(error)
    }
    if (response.statusCode < 300) return response
    const body = await readText(response.body, 64 * 1024).catch(() => '')
    throw this.#refusal(response, body)
  }

  #refusal(response: Dispatcher.ResponseData, body: string): Error {
    const status = response.statusCode
    const error = apiErrorOf(status, body)
    // Asked for new credentials at the next call: the kubeconfig may have been rotated.
    if (status === 401) this.#connection = undefined
    if (status !== 429 && status < 500) return error
    const header = response.headers['retry-after']
    const askedMs = retryAfterMs(typeof header === 'string' ? header : header?.[0], this.#options.clock())
    const detail = { status, outage: status !== 429, cause: error }
    return new Trouble(
      `HTTP ${status}: ${error.message}`,
      askedMs === undefined ? detail : { ...detail, retryAfterMs: askedMs },
    )
  }

  async #connected(): Promise<Connection> {
    this.#connection ??= this.#options.connect()
    try {
      return await this.#connection
    } catch (error) {
      this.#connection = undefined
      throw this.#misconfigured(error)
    }
  }

  /** A kubeconfig is looked at when it is first used: too late to fail at boot, and no bug of ours. */
  #misconfigured(error: unknown): unknown {
    if (!(error instanceof ConfigError)) return error
    return new UpstreamError(error.message, { service: `cluster ${this.name}`, retryable: false, cause: error })
  }
}

async function readText(body: Dispatcher.ResponseData['body'], limitBytes = LARGEST_ANSWER): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    // undici's body yields buffers; its type only says unknown.
    const bytes = chunk as Buffer
    chunks.push(bytes)
    size += bytes.length
    if (size > limitBytes) break
  }
  return Buffer.concat(chunks).subarray(0, limitBytes).toString('utf8')
}
