import { Router } from 'express'
import { messageOf } from '../core/errors.ts'
import type { Health } from '../core/ports/health.ts'

/** What readiness rests on, by name (`store`, `queue`, `cluster:production`). A probe that throws counts as not ready. */
export interface HealthProbes {
  /** Without these we cannot work. */
  readonly needed: Readonly<Record<string, () => Promise<Health>>>
  /** Shown, but the program serves without them (a cluster that is down is said in chat). */
  readonly shown?: Readonly<Record<string, () => Promise<Health>>>
  /** True once the program is about to end: nobody is to be sent to it any more, and who is here is served. */
  readonly isLeaving?: () => boolean
}

const PROBE_TIMEOUT_MS = 2_000

/** `/healthz`: the process lives. `/readyz`: each part by name; 503 when a needed one is down. Both 503 when it is about to end. */
export function healthRoutes(probes: HealthProbes): Router {
  const router = Router()
  // Anybody may ask, and every asking reaches the store and the clusters: those who ask at the same moment share one answer.
  let looking: Promise<[Answers, Answers]> | undefined
  const look = () => {
    looking ??= Promise.all([ask(probes.needed), ask(probes.shown ?? {})]).finally(() => {
      looking = undefined
    })
    return looking
  }
  const isLeaving = () => probes.isLeaving?.() ?? false
  router.use((_request, response, next) => {
    // A proxy must not keep for its next request what closes in a moment.
    if (isLeaving()) response.setHeader('Connection', 'close')
    next()
  })
  router.get('/healthz', (_request, response) => {
    const ok = !isLeaving()
    response.status(ok ? 200 : 503).json({ ok, uptimeSeconds: Math.round(process.uptime()) })
  })
  router.get('/readyz', async (_request, response) => {
    const [needed, shown] = await look()
    const ok = !isLeaving() && Object.values(needed).every((part) => part.ok)
    if (!ok) response.setHeader('Retry-After', '2')
    response.status(ok ? 200 : 503).json({ ok, parts: { ...needed, ...shown } })
  })
  return router
}

type Answers = Record<string, Health>

async function ask(probes: Readonly<Record<string, () => Promise<Health>>>): Promise<Answers> {
  const answers = await Promise.all(
    Object.entries(probes).map(async ([name, probe]) => [name, await withinTime(probe)] as const),
  )
  return Object.fromEntries(answers)
}

async function withinTime(probe: () => Promise<Health>): Promise<Health> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Health>((resolve) => {
    timer = setTimeout(
      () => resolve({ ok: false, says: `does not answer within ${PROBE_TIMEOUT_MS / 1000} s` }),
      PROBE_TIMEOUT_MS,
    )
  })
  try {
    return await Promise.race([probe(), late])
  } catch (error) {
    return { ok: false, says: messageOf(error) }
  } finally {
    clearTimeout(timer)
  }
}
