import { once } from 'node:events'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { randomFrom } from '../frame/random.ts'
import type { Breach, ProveOptions } from '../prover.ts'
import { hostileText } from './hostile.ts'
import type { Route } from './inside.ts'
import { fuzzRoute } from './routes.ts'
import { CUT_WITHIN_MS, startSlowSenders } from './slow.ts'
import { startTarget, type Target } from './target.ts'
import { enter, type Visitor } from './visitor.ts'

const P99_MS = 50
/** Fewer bodies say nothing about the hundredth; then only what takes seconds is a breach, on a machine that has other work beside it. */
const ENOUGH_FOR_P99 = 1_000
const STUCK_MS = 5_000
const GROWTH_MB = 50
/** Caches are warm and code is compiled after this many a route; in a short run, where only growth is held against it, after fewer. */
const WARM_UP = { long: 150, short: 10 } as const
const SAID = { long: 60, short: 20 } as const
const SLOW_SENDERS = 100
/** What no route is: the page, and paths that do not exist. */
const PLACES: readonly Route[] = ['/', '/api/nowhere/:key', '/assets/:key', '/:key'].map((path) => ({
  method: 'GET',
  path,
}))
/** Nobody listens at this provider, so that signing in fails as it may. */
const LOGIN = { login: { issuer: 'http://127.0.0.1:9', clientId: 'fuzz', address: 'http://127.0.0.1:1' } }

export interface HttpReport {
  readonly tried: Record<string, number>
  readonly figures: Record<string, number>
  readonly breaches: readonly Breach[]
}

/** So many bodies to every route of the real program, with and without a login, and slow senders beside them. */
export async function fuzzHttp(options: ProveOptions, { slowSenders }: { slowSenders: boolean }): Promise<HttpReport> {
  const { sabotage } = options
  const floor = new Worker(join(import.meta.dirname, 'floor.ts'))
  const [port] = await once(floor, 'message')
  const at = `http://127.0.0.1:${port}`
  try {
    const switched = await fuzzProgram(await startTarget(), options, at, {
      wanted: () => true,
      slowSenders: slowSenders ? SLOW_SENDERS : 0,
    })
    const known = /\/login/
    // A fault is in both alike.
    if (sabotage) return switched
    const login = await fuzzProgram(await startTarget(LOGIN), options, at, {
      wanted: ({ path }) => known.test(path),
      slowSenders: 0,
    })
    const sum = (name: string) => (switched.tried[name] ?? 0) + (login.tried[name] ?? 0)
    const worst = (name: string) => Math.max(switched.figures[name] ?? 0, login.figures[name] ?? 0)
    return {
      tried: {
        routes: sum('routes'),
        bodies: sum('bodies'),
        tooLarge: sum('tooLarge'),
        slowSenders: sum('slowSenders'),
      },
      figures: Object.fromEntries(Object.keys(switched.figures).map((name) => [name, worst(name)])),
      breaches: [...switched.breaches, ...login.breaches],
    }
  } finally {
    await floor.terminate()
  }
}

async function fuzzProgram(
  target: Target,
  options: ProveOptions,
  floor: string,
  { wanted, slowSenders }: { wanted: (route: Route) => boolean; slowSenders: number },
): Promise<HttpReport> {
  const breaches: Breach[] = []
  const tried = { routes: 0, bodies: 0, tooLarge: 0, slowSenders }
  const figures = { p99Ms: 0, floorP99Ms: 0, heldGrowthMb: 0, residentGrowthMb: 0 }
  try {
    const visitor = await enterIfPossible(target)
    const routes = [...(await target.ask('routes')).routes, ...PLACES].filter(wanted)
    const { seed, say, runs, short, sabotage } = options
    // A fault that was seen is seen; what is left would only take time.
    const seen = () => sabotage !== undefined && breaches.length > 0
    const form = short ? 'short' : 'long'
    const bar = runs < ENOUGH_FOR_P99 ? STUCK_MS : P99_MS
    for (const route of sabotage ? [] : routes)
      await fuzzRoute(route, visitor, floor, { seed: seed + 7_919, runs: Math.min(WARM_UP[form], runs) })
    const before = await target.ask('memory')
    const hastened = short && slowSenders > 0
    if (hastened) await target.ask('hastened')
    const slow = startSlowSenders(target.address, slowSenders, CUT_WITHIN_MS[hastened ? 'hastened' : 'asItIs'])
    for (const route of routes) {
      if (seen()) break
      const report = await fuzzRoute(route, visitor, floor, { seed, runs })
      say(`${route.method} ${route.path}: ${report.sent} bodies, p99 ${report.p99Ms} ms (floor ${report.floorMs} ms)`)
      breaches.push(...report.breaches)
      if (report.p99Ms - report.floorMs > bar)
        breaches.push({
          promise: `p99 below ${bar} ms`,
          what: `${route.method} ${route.path} took ${report.p99Ms} ms where a server that does nothing took ${report.floorMs} ms`,
        })
      tried.routes += 1
      tried.bodies += report.sent
      tried.tooLarge += report.tooLarge
      figures.p99Ms = Math.max(figures.p99Ms, report.p99Ms)
      figures.floorP99Ms = Math.max(figures.floorP99Ms, report.floorMs)
    }
    breaches.push(...(await slow.ended()))
    const said = Array.from({ length: sabotage ? 0 : SAID[form] }, (_, at) => hostileText(randomFrom(seed + at)))
    breaches.push(...(await visitor.speaks(said)))
    const after = await target.ask('memory')
    figures.heldGrowthMb = Math.max(0, after.heldMb - before.heldMb)
    figures.residentGrowthMb = Math.max(0, after.residentMb - before.residentMb)
    if (figures.heldGrowthMb > GROWTH_MB)
      breaches.push({
        promise: `memory grows by less than ${GROWTH_MB} MB`,
        what: `it holds ${after.heldMb} MB after ${tried.bodies} bodies where it held ${before.heldMb} MB`,
      })
    if (after.polluted) breaches.push({ promise: 'no prototype is touched', what: 'an empty object has "polluted"' })
  } finally {
    breaches.push(...complaintsOf(target))
    await target.close()
  }
  return { tried, figures, breaches }
}

/** With a login nobody can be chosen; then it is a stranger who sends. */
async function enterIfPossible(target: Target): Promise<Visitor> {
  const session: unknown = await (await fetch(`${target.address}/api/session`)).json()
  const login = typeof session === 'object' && session !== null && 'login' in session
  if (!login) return enter(target.address)
  return {
    address: target.address,
    cookie: '',
    isPage: () => false,
    visit: ({ path }) => ({ path, good: { code: 'x', state: 'y' } }),
    speaks: async () => [],
  }
}

/** An outside system that does not answer is said in the log; everything else there is a fault. */
const EXPECTED = /"(?:a login failed|somebody signed in whom)/

function complaintsOf({ complaints, uncaught, alive }: Target): Breach[] {
  const breaches: Breach[] = uncaught.map((error) => ({ promise: 'no uncaught error', what: error.slice(0, 400) }))
  if (!alive)
    breaches.push({ promise: 'no uncaught error', what: `the program ended: ${complaints.slice(-3).join(' ')}` })
  const odd = complaints.filter((line) => !EXPECTED.test(line))
  for (const line of odd.slice(0, 3))
    breaches.push({ promise: 'nothing goes wrong in the log', what: line.slice(0, 600) })
  return breaches
}
