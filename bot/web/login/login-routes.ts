import { type Request, type Response, Router } from 'express'
import { z } from 'zod'
import { UpstreamError } from '../../../core/errors.ts'
import type { Person } from '../../../core/person.ts'
import type { WebDeps } from '../deps.ts'
import type { Sessions } from '../session.ts'
import { createSealedCookie } from '../signed-cookie.ts'
import { CALLBACK, type Identity } from './provider.ts'

/** Long enough for a second factor on another device. */
const TRY_LASTS_MS = 10 * 60_000
const NOTE_LASTS_MS = 60_000

const loginTry = z.object({ state: z.string(), nonce: z.string(), verifier: z.string() })

/**
 * `GET /login` sends the browser to the provider, `GET /login/callback` takes it back, `POST /logout` ends the session here. What went wrong
 * is told by the page, from a note in a cookie: a redirect carries no sentence that somebody else could have written.
 */
export function loginRoutes(deps: WebDeps, sessions: Sessions): Router {
  const { login, people, sessionSecret, clock, log } = deps
  const router = Router()

  router.post('/logout', (_request, response) => {
    sessions.end(response)
    response.json({ person: null })
  })
  if (!login) return router

  const cookies = { secret: sessionSecret, clock, secure: login.secure }
  // Lax: the provider's redirect is another site's doing, and must bring this one along.
  const tries = createSealedCookie({ ...cookies, name: 'quarterdeck_login', lastsMs: TRY_LASTS_MS, sameSite: 'lax' })
  const notes = loginNotes(deps)

  router.get('/login', async (_request, response) => {
    try {
      const begun = await login.provider.begin()
      tries.write(response, begun.login)
      response.redirect(303, begun.url)
    } catch (error) {
      back(response, error)
    }
  })

  router.get(CALLBACK.slice('/api'.length), async (request, response) => {
    const begun = loginTry.safeParse(tries.read(request))
    tries.end(response)
    if (!begun.success)
      return sendBack(response, 'That login was begun too long ago, or in another browser. Sign in again.')
    try {
      const query = request.originalUrl.slice(request.originalUrl.indexOf('?'))
      const identity = await login.provider.finish(query, begun.data)
      const person = personOf(people.all(), identity)
      if (!person) {
        log.warn({ subject: identity.subject }, 'somebody signed in whom the configuration does not know')
        return sendBack(
          response,
          `You are signed in as ${identity.email ?? identity.subject}, but nobody here is known by that. Ask whoever runs Quarterdeck to add you to people in quarterdeck.yaml.`,
        )
      }
      sessions.write(response, { personId: person.id, surface: 'web', by: 'login' })
      log.info({ person: person.id }, 'signed in')
      response.redirect(303, '/')
    } catch (error) {
      back(response, error)
    }
  })

  function back(response: Response, error: unknown): void {
    if (!(error instanceof UpstreamError)) throw error
    log.warn({ err: error }, 'a login failed')
    sendBack(response, `${error.message} Sign in again; if it stays so, ask whoever runs Quarterdeck.`)
  }

  function sendBack(response: Response, says: string): void {
    notes.write(response, says)
    response.redirect(303, '/')
  }

  return router
}

/** What the last login of this browser came to, for the page to tell. */
export function loginNotes({ sessionSecret, clock, login }: WebDeps) {
  const cookie = createSealedCookie({
    ...{ secret: sessionSecret, clock, secure: login?.secure ?? false },
    name: 'quarterdeck_login_note',
    lastsMs: NOTE_LASTS_MS,
    sameSite: 'strict',
  })
  return {
    write: (response: Response, says: string) => cookie.write(response, says.slice(0, 1_000)),
    read(request: Request): string | undefined {
      const note = cookie.read(request)
      return typeof note === 'string' ? note : undefined
    },
  }
}

/** The active person with that web account or that address; nobody when several have it, for which of them it is cannot be told. */
function personOf(people: readonly Person[], { subject, email }: Identity): Person | undefined {
  const mail = email?.toLowerCase()
  const found = people.filter(
    (person) =>
      person.active &&
      person.accounts.some(({ surface }) => surface === 'web') &&
      (person.accounts.some(({ surface, id }) => surface === 'web' && id === subject) ||
        (mail !== undefined && person.email?.toLowerCase() === mail)),
  )
  return found.length === 1 ? found[0] : undefined
}
