import { Router } from 'express'
import { randomCode } from '../../core/ids.ts'
import { redact } from '../../core/secrets.ts'
import { threadLines, threadPart } from '../../db/thread-view.ts'
import { threadByKey } from '../../db/threads.ts'
import { codeIn, hiddenCode } from '../conversation/codes.ts'
import { LOCAL_SURFACES, MessageBody, parseOr400, surfaceOfThread, ThreadQuery } from './bodies.ts'
import { cardItem } from './card-item.ts'
import type { WebDeps } from './deps.ts'
import type { Sessions } from './session.ts'
import { speakerOr401 } from './who.ts'

const THREADS = 100
const PAGE = 100
const TITLE_LENGTH = 80

/** Conversations: the list, one of them, and speaking in one. */
export function threadRoutes(deps: WebDeps, sessions: Sessions): Router {
  const { store, people, intake, hub, clock } = deps
  const router = Router()
  const nameOf = (id: string | null) => people.all().find((person) => person.id === id)?.name

  router.get('/threads', async (request, response) => {
    const speaker = speakerOr401(deps, sessions, request, response)
    if (!speaker) return
    const filter = { surfaces: LOCAL_SURFACES, person: speaker.person.id, limit: THREADS }
    const lines = await threadLines(store.db, filter)
    response.json({
      threads: lines.map(({ key, surface, title, firstSaid, openedBy, movedAt, open }) => ({
        key,
        surface,
        title: titleOf(title ?? firstSaid),
        openedBy: nameOf(openedBy) ?? null,
        updatedAt: movedAt.toISOString(),
        open,
      })),
    })
  })

  // A thread exists once somebody speaks in it: making one is making a name for it, which needs no store.
  router.post('/threads', (request, response) => {
    const speaker = speakerOr401(deps, sessions, request, response)
    if (!speaker) return
    response.status(201).json({ key: `${speaker.account.surface}-${randomCode(16)}` })
  })

  router.get('/threads/:key', async (request, response) => {
    const speaker = speakerOr401(deps, sessions, request, response)
    const query = speaker && parseOr400(response, ThreadQuery, request.query)
    if (!speaker || !query) return
    const { key } = request.params
    const surface = surfaceOfThread(key)
    if (!surface) return void response.status(404).json({ error: 'There is no such conversation.' })
    const thread = await threadByKey(store.db, surface, key)
    if (!thread) return void response.json({ items: [], more: false })
    const before = query.before === undefined ? undefined : new Date(query.before)
    const part = await threadPart(store.db, thread.id, { person: speaker.person.id, before, limit: PAGE + 1 })
    const messages = part.said.map((said) => ({
      type: 'message' as const,
      key: said.key,
      requestId: said.id,
      person: { id: said.personId ?? '', name: nameOf(said.personId) ?? 'Somebody not linked' },
      text: said.text,
      at: said.receivedAt.toISOString(),
    }))
    const cards = part.cards.map((row) =>
      cardItem({ ...row, deliveryId: row.id, threadKey: key, only: row.onlyPerson }),
    )
    // What was said comes before the cards of the same moment.
    const items = [...messages, ...cards].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    response.json({ items: items.slice(-PAGE), more: items.length > PAGE })
  })

  // Nothing here may wait for the store: the answer says that the message is safe in memory, and comes at once.
  router.post('/threads/:key/messages', (request, response) => {
    const speaker = speakerOr401(deps, sessions, request, response)
    const body = speaker && parseOr400(response, MessageBody, request.body)
    if (!speaker || !body) return
    const { key } = request.params
    const surface = surfaceOfThread(key)
    if (!surface) return void response.status(404).json({ error: 'There is no such conversation.' })
    const at = clock()
    const httpRequestId = String(response.locals.httpRequestId)
    const { account } = speaker
    intake.receive({ surface, threadKey: key, account, text: body.text, key: body.key, httpRequestId, at })
    response.status(202).json({ key: body.key })
    const { id, name } = speaker.person
    const code = codeIn(body.text)
    const said = {
      type: 'message',
      threadKey: key,
      key: body.key,
      requestId: null,
      person: { id, name },
      // Everybody's page hears this; a one-time code is for nobody's eyes.
      text: code ? hiddenCode(code) : redact(body.text),
    }
    hub.publish({ name: 'message', data: { ...said, at: at.toISOString() } })
  })

  return router
}

function titleOf(text: string | null): string {
  const line = text?.replace(/\s+/g, ' ').trim() ?? ''
  const chars = [...line]
  if (chars.length === 0) return 'Conversation'
  return chars.length > TITLE_LENGTH ? `${chars.slice(0, TITLE_LENGTH - 1).join('')}…` : line
}
