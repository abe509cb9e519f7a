import { Router } from 'express'
import { parseOr400, SessionBody } from './bodies.ts'
import type { WebDeps } from './deps.ts'
import { loginNotes } from './login/login-routes.ts'
import type { Sessions } from './session.ts'
import { personView, speakerOf, speakerOr401 } from './who.ts'

/** Who am I, who could I be, and what can be said. All from memory. */
export function sessionRoutes(deps: WebDeps, sessions: Sessions): Router {
  const { people, switcher } = deps
  const notes = loginNotes(deps)
  const router = Router()

  router.get('/session', (request, response) => {
    const speaker = speakerOf(deps, sessions, request)
    const login = deps.login ? { says: speaker ? undefined : notes.read(request) } : undefined
    response.json({ person: speaker ? personView(speaker.person) : null, switcher, login })
  })

  router.get('/people', (_request, response) => {
    if (!switcher.allowed) return void response.status(403).json({ error: switcher.says })
    const there = people
      .all()
      .filter(({ active, accounts }) => active && accounts.some(({ surface }) => surface === 'web'))
    response.json({ people: there.map(personView) })
  })

  router.post('/session', (request, response) => {
    if (!switcher.allowed) return void response.status(403).json({ error: switcher.says })
    const body = parseOr400(response, SessionBody, request.body)
    if (!body) return
    const person = people.all().find(({ id, active }) => id === body.person && active)
    if (!person) {
      const known = people.all().filter(({ active }) => active)
      const names = known.map(({ id }) => id).join(', ')
      return void response.status(422).json({ error: `Nobody here is called "${body.person}". There are: ${names}.` })
    }
    if (!person.accounts.some(({ surface }) => surface === body.surface))
      return void response.status(422).json({
        error: `${person.name} has no ${body.surface} account. Add one to people.${person.id}.accounts in quarterdeck.yaml.`,
      })
    sessions.write(response, { personId: person.id, surface: body.surface, by: 'switcher' })
    response.json({ person: personView(person), switcher })
  })

  router.get('/guide', async (request, response) => {
    const speaker = speakerOr401(deps, sessions, request, response)
    if (!speaker) return
    const catalog = deps.catalog()
    const skills = await deps.guide.for(speaker.person)
    response.json({
      skills: skills.map(({ name, summary, usage, examples }) => ({ name, summary, usage, examples })),
      services: catalog.services.map(({ name }) => name),
      environments: catalog.environments.map(({ name }) => name),
    })
  })

  return router
}
