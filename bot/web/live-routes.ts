import { Router } from 'express'
import type { WebDeps } from './deps.ts'
import type { Sessions } from './session.ts'
import { speakerOf, speakerOr401 } from './who.ts'

/** A page that reads so slowly that this much waits for it is cut off; it comes back and reads the store. */
const MOST_UNSENT_BYTES = 1024 * 1024
const MOST_LISTENERS = 500

/** `GET /events`: server-sent events of what this person may see (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export function liveRoutes(deps: WebDeps, sessions: Sessions): Router {
  const { hub } = deps
  const router = Router()
  router.get('/events', (request, response) => {
    const speaker = speakerOr401(deps, sessions, request, response)
    if (!speaker) return
    if (hub.listeners >= MOST_LISTENERS)
      return void response.status(503).setHeader('Retry-After', '10').json({ error: 'Too many pages are open.' })
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      // nginx and its kin would hold events back until they have a buffer full.
      'X-Accel-Buffering': 'no',
    })
    // Express hands HEAD in here too; nothing would ever be written to it, nor would it end.
    if (request.method === 'HEAD') return void response.end()
    const leave = hub.listen(
      {
        person: speaker.person.id,
        send(frame) {
          if (response.writableLength > MOST_UNSENT_BYTES) return false
          response.write(frame)
          return true
        },
        isWelcome: () => speakerOf(deps, sessions, request)?.person.id === speaker.person.id,
        end: () => response.destroy(),
      },
      request.headers['last-event-id']?.toString(),
    )
    response.on('close', leave)
  })
  return router
}
