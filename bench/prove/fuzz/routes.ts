import { Agent, type Dispatcher, Pool } from 'undici'
import { visibleLine } from '../../../core/visible-text.ts'
import { inLanes } from '../../places.ts'
import { type Random, randomFrom } from '../frame/random.ts'
import type { Breach, ProveOptions } from '../prover.ts'
import { type Body, bodyFor } from './bodies.ts'
import { hostileText } from './hostile.ts'
import type { Route } from './inside.ts'
import type { Visitor } from './visitor.ts'

const LANES = 4
/** Every so often something that does nothing is asked too, so that a slow machine is not taken for a slow program. */
const FLOOR_EVERY = 10
const PATIENCE_MS = 20_000
const OTHER_METHODS = ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'POST', 'GET'] as const
const MOST_TOLD = 3
/** One in so many bodies is larger than the cap, the fourth of them first. */
const OVER_EVERY = 100

export interface RouteReport {
  readonly sent: number
  readonly tooLarge: number
  readonly p99Ms: number
  readonly floorMs: number
  readonly breaches: readonly Breach[]
}

interface Case {
  readonly method: Dispatcher.HttpMethod
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: Body
}

/** So many bodies to one route. `floor` is the address of a server that does nothing. */
export async function fuzzRoute(
  route: Route,
  visitor: Visitor,
  floor: string,
  { seed, runs }: Pick<ProveOptions, 'seed' | 'runs'>,
): Promise<RouteReport> {
  const pool = new Pool(visitor.address, { connections: LANES, bodyTimeout: PATIENCE_MS, headersTimeout: PATIENCE_MS })
  const agent = new Agent({ connections: LANES })
  const times: number[] = []
  const floors: number[] = []
  const faults = new Map<string, Breach>()
  let tooLarge = 0
  try {
    await inLanes(LANES, runs, async (index) => {
      const own = (seed + index) >>> 0
      const random = randomFrom(own)
      const made = caseOf(route, visitor, random, index % OVER_EVERY === 3)
      if (made.body.over) tooLarge += 1
      const began = performance.now()
      const fault = await send(pool, made, visitor)
      times.push(performance.now() - began)
      if (fault && faults.size < MOST_TOLD && !faults.has(fault.promise)) {
        const shown = visibleLine(JSON.stringify(made.body.bytes.toString().slice(0, 120)))
        const what = `${made.method} ${made.path.slice(0, 100)} (${made.body.kind}) ${fault.what}, body ${shown}`
        faults.set(fault.promise, { promise: fault.promise, what, seed: own })
      }
      if (index % FLOOR_EVERY > 0) return
      const before = performance.now()
      const { body } = await agent.request({ origin: floor, path: '/', method: 'POST', body: made.body.bytes })
      await body.dump()
      floors.push(performance.now() - before)
    })
  } finally {
    await Promise.all([pool.destroy(), agent.destroy()])
  }
  return { sent: times.length, tooLarge, p99Ms: p99(times), floorMs: p99(floors), breaches: [...faults.values()] }
}

function caseOf(route: Route, visitor: Visitor, random: Random, over: boolean): Case {
  const { good, path } = visitor.visit(route, random)
  const body = bodyFor(good, random, over)
  const other = !over && random.below(50) === 0
  const headers: Record<string, string> = { ...body.headers, cookie: visitor.cookie }
  if (random.below(12) === 0) headers.cookie = headerText(`quarterdeck_session=${hostileText(random)}`)
  if (random.below(12) === 0) headers['last-event-id'] = headerText(hostileText(random))
  if (random.below(30) === 0) headers.accept = random.pick(['text/html', '*/*', headerText(hostileText(random))])
  // The methods that HTTP has and the pool takes.
  const method = (other ? random.pick(OTHER_METHODS) : route.method) as Dispatcher.HttpMethod
  return { method, path, headers, body }
}

/** What may stand in a header, so that it is the program and not the sender that is tried. */
const headerText = (text: string): string => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '%').slice(0, 2_000)

async function send(pool: Pool, { method, path, headers, body }: Case, visitor: Visitor): Promise<Breach | undefined> {
  let answer: Dispatcher.ResponseData
  try {
    // HEAD and GET may have bodies too; nobody says that a sender keeps to what is usual.
    answer = await pool.request({ method, path, headers, body: body.bytes.length > 0 ? body.bytes : null })
  } catch (error) {
    return { promise: 'every request is answered', what: `was not answered: ${String(error)}` }
  }
  const { statusCode: status } = answer
  if (String(answer.headers['content-type']).startsWith('text/event-stream')) {
    answer.body.on('error', () => {})
    answer.body.destroy()
    return undefined
  }
  const text = await answer.body.text()
  if (status >= 500) return { promise: 'no 5xx', what: `was answered with ${status}: ${text.slice(0, 150)}` }
  if (/\n\s+at |node_modules|\.ts:\d/.test(text) && !visitor.isPage(path))
    return { promise: 'no stack in an answer', what: `was answered with ${text.slice(0, 200)}` }
  const parsed = headers['content-type']?.startsWith('application/json') && path.startsWith('/api/')
  if (body.over && parsed && status !== 413)
    return { promise: 'over the cap is 413', what: `was answered with ${status} to ${body.bytes.length} bytes` }
  if (status >= 400 && method !== 'HEAD' && path.startsWith('/api/') && !/^\{"error":"[^"]{5,}/.test(text))
    return { promise: 'a refusal says why', what: `was answered with ${status} and ${text.slice(0, 100)}` }
  return undefined
}

function p99(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b)
  return Math.round((sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0) * 10) / 10
}
