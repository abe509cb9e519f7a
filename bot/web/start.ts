import { Router } from 'express'
import type { Surface } from '../../core/ports/surface.ts'
import { PEOPLE_TOPIC } from '../people/directory.ts'
import { cardRoutes } from './card-routes.ts'
import type { WebDeps } from './deps.ts'
import { LiveHub } from './live-hub.ts'
import { liveRoutes } from './live-routes.ts'
import { loginRoutes } from './login/login-routes.ts'
import { meetNeighbours } from './other-processes.ts'
import { overviewRoutes } from './overview-routes.ts'
import { createSessions } from './session.ts'
import { sessionRoutes } from './session-routes.ts'
import { createHubSurface } from './surface.ts'
import { threadRoutes } from './thread-routes.ts'

export interface WebSurface {
  /** The API of the page and the terminal: mount it at `/api`. */
  readonly router: Router
  /** Both local surfaces, for the sender: one sender serves them together. */
  readonly surfaces: readonly Surface[]
  /** Ends the live connections; call it before the server closes. */
  hangUp(): void
  close(): Promise<void>
}

/** Puts the local page and the terminal together: API, live events, and the surfaces that deliver to them. */
export async function createWebSurface(given: Omit<WebDeps, 'hub'>): Promise<WebSurface> {
  const hub = new LiveHub()
  const deps: WebDeps = { ...given, hub }
  const sessions = createSessions(deps.sessionSecret, deps.clock, deps.login?.secure ?? false)
  const neighbours = await meetNeighbours(deps.store, hub, deps.log)
  // The kill switch must show at once, whoever threw it and wherever.
  const stopListening = await deps.store.listen('halt', () => hub.publish({ name: 'overview', data: {} }))
  const recheck = () => deps.people.refresh().then(() => hub.recheck())
  // While the store cannot be asked, the hub's own clock goes by what was known last.
  const stopHearing = await deps.store.listen(PEOPLE_TOPIC, () => void recheck().catch(() => undefined))

  const router = Router()
  router.use((_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store')
    next()
  })
  router.use(sessionRoutes(deps, sessions))
  router.use(loginRoutes(deps, sessions))
  router.use(threadRoutes(deps, sessions))
  router.use(cardRoutes(deps, sessions))
  router.use(overviewRoutes(deps, sessions))
  router.use(liveRoutes(deps, sessions))

  return {
    router,
    surfaces: (['web', 'cli'] as const).map((name) => createHubSurface(name, hub, (id) => neighbours.tell(id))),
    hangUp: () => hub.close(),
    async close() {
      hub.close()
      await stopListening()
      await stopHearing()
      await neighbours.close()
    },
  }
}
