import { Router } from 'express'
import type { OperationSummary } from '../../core/ports/desk.ts'
import { STATE_WORDS } from '../../core/states.ts'
import { placesOfOperations } from '../../db/thread-view.ts'
import { LOCAL_SURFACES } from './bodies.ts'
import type { WebDeps } from './deps.ts'
import type { Sessions } from './session.ts'
import { speakerOr401 } from './who.ts'

const SHOWN = 20
const RUNNING: readonly OperationSummary['state'][] = ['approved', 'running', 'waiting', 'cancelling', 'needs_human']

/** What a person wants to see beside the conversations: what waits for them, what runs, whether all is halted. */
export function overviewRoutes(deps: WebDeps, sessions: Sessions): Router {
  const { desk, store } = deps
  const router = Router()
  router.get('/overview', async (request, response) => {
    const speaker = speakerOr401(deps, sessions, request, response)
    if (!speaker) return
    // One after the other: the embedded store has one session anyway, and a pool is not for one page alone.
    const waiting = await desk.approvalsFor(speaker.person.id)
    const open = await desk.operations({ state: 'open', limit: 100 })
    const halted = await desk.halted()
    const running = open.filter(({ state }) => RUNNING.includes(state)).slice(0, SHOWN)
    const ids = [...waiting, ...running].map(({ id }) => id)
    const places = await placesOfOperations(store.db, ids, LOCAL_SURFACES)
    const view = (operation: OperationSummary) => ({
      id: operation.id,
      state: operation.state,
      stateWords: STATE_WORDS[operation.state],
      summary: operation.summary,
      requestedBy: operation.requestedBy.name,
      requestedAt: operation.requestedAt.toISOString(),
      threadKey: places.get(operation.id)?.threadKey ?? null,
      deliveryId: places.get(operation.id)?.deliveryId ?? null,
    })
    response.json({
      halted: halted ? { by: halted.by, since: halted.since.toISOString(), reason: halted.reason ?? null } : null,
      waiting: waiting.slice(0, SHOWN).map(view),
      running: running.map(view),
    })
  })
  return router
}
