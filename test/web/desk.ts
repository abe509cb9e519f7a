import { startSender } from '../../bot/deliver/sender.ts'
import { switcherFor, type WebDeps } from '../../bot/web/deps.ts'
import { createWebSurface } from '../../bot/web/start.ts'
import type { Card } from '../../core/card.ts'
import { newRequestId, type OperationId, type PersonId } from '../../core/ids.ts'
import type { Grant, Person, SurfaceName } from '../../core/person.ts'
import type { OperationSummary } from '../../core/ports/desk.ts'
import { silentLogger } from '../../core/ports/logger.ts'
import type { PeopleDirectory } from '../../core/ports/people.ts'
import type { ClickReply, IncomingClick, IncomingMessage, Intake } from '../../core/ports/surface.ts'
import { putDelivery } from '../../db/deliveries.ts'
import { insertRequest } from '../../db/requests.ts'
import { openThread } from '../../db/threads.ts'
import { createHttpServer } from '../../http/server.ts'
import { ensurePage } from '../../web/build.ts'
import { makeCatalog, makeService } from '../_harness/catalog.ts'
import { openStoreUnderTest } from '../_harness/store.ts'

const everywhere = (role: Grant['role'], ...environments: string[]): Grant => ({
  role,
  environments: environments.length ? environments : ['*'],
  teams: ['*'],
})

function person(id: string, name: string, ...grants: Grant[]): Person {
  const accounts = (['web', 'cli'] as const).map((surface) => ({ surface, id }))
  return {
    id: id as PersonId,
    name,
    email: `${id}@shop.example`,
    timezone: 'Europe/Berlin',
    accounts,
    grants,
    active: true,
  }
}

export const PEOPLE = [
  person('mira', 'Mira Okafor', everywhere('operator')),
  person('jonas', 'Jonas Weber', everywhere('approver'), everywhere('operator', 'staging', 'dev')),
  person('priya', 'Priya Raman', everywhere('viewer')),
] as const

type Answerer = (message: IncomingMessage) => Card | undefined

/**
 * The surfaces people touch over a real HTTP server and a real store; behind them, instead of the conversation, an
 * intake that stores what it gets and answers with the card `answer` says.
 */
export async function startDesk(
  options: { page?: boolean; switcher?: WebDeps['switcher']; login?: WebDeps['login'] } = {},
) {
  const { store, close: closeStore } = await openStoreUnderTest()
  const clock = () => new Date(Date.now() + desk.laterMs)
  const received: IncomingMessage[] = []
  const clicks: IncomingClick[] = []
  const desk = {
    answer: (() => undefined) as Answerer,
    reply: (async () => ({ ok: true, says: 'Noted.' })) as (click: IncomingClick) => Promise<ClickReply>,
    waiting: [] as OperationSummary[],
    running: [] as OperationSummary[],
    halted: undefined as { by: string; since: Date; reason?: string } | undefined,
    /** How much later it is than the clock on the wall. */
    laterMs: 0,
    /** Whether a chat service shows a channel to somebody. */
    admits: (async () => true) as WebDeps['admits'],
    peopleAskedFor: 0,
    /** Who left. */
    gone: new Set<PersonId>(),
    receive: undefined as ((message: IncomingMessage) => void) | undefined,
  }

  async function keep(message: IncomingMessage) {
    await store.transaction(async (tx) => {
      const { surface, threadKey, account, at } = message
      const openedBy = account.id as PersonId
      const thread = await openThread(tx, { surface, surfaceKey: threadKey, openedBy, now: at })
      const request = { id: newRequestId(), surface, threadId: thread.id, personId: openedBy, text: message.text }
      const stored = await insertRequest(tx, { ...request, key: message.key, receivedAt: at })
      const card = stored.isNew ? desk.answer(message) : undefined
      if (!card) return
      const key = card.operationId ? `operation:${card.operationId}` : `request:${stored.request.id}`
      const ids = { requestId: stored.request.id, operationId: card.operationId }
      await putDelivery(tx, { key, surface, threadId: thread.id, card, ...ids, now: clock() })
    })
  }

  /** Writes a card as the door does: a new one, or the next revision of the one with this key. */
  async function show(
    card: Card,
    where: { key: string; threadKey: string; surface?: SurfaceName; only?: PersonId; final?: boolean },
  ) {
    const { key, threadKey, surface = 'web', only, final } = where
    return store.transaction(async (tx) => {
      const thread = await openThread(tx, { surface, surfaceKey: threadKey, openedBy: PEOPLE[0].id, now: clock() })
      const operationId = card.operationId as OperationId | undefined
      return putDelivery(tx, { key, surface, threadId: thread.id, card, only, final, operationId, now: clock() })
    })
  }

  const intake: Intake = {
    receive(message) {
      desk.receive?.(message)
      received.push(message)
      void keep(message)
    },
    async click(click) {
      clicks.push(click)
      return desk.reply(click)
    },
  }
  const everybody = () => PEOPLE.map((one) => ({ ...one, active: !desk.gone.has(one.id) }))
  const people: PeopleDirectory = {
    all: () => PEOPLE,
    byId: (id) => everybody().find((one) => one.id === id),
    byAccount: (account) => PEOPLE.find((one) => one.id === account.id),
    named: (text) => PEOPLE.filter((one) => one.id === text),
    version: () => 'as in PEOPLE',
    refresh: async () => {
      desk.peopleAskedFor += 1
    },
  }
  const catalog = makeCatalog(['checkout', 'cart', 'catalog', 'payments'].map((name) => makeService(name)))
  const web = await createWebSurface({
    store,
    intake,
    people,
    desk: {
      operations: async () => desk.running,
      approvalsFor: async (id) => desk.waiting.filter(({ requestedBy }) => requestedBy.id !== id),
      halted: async () => desk.halted,
    },
    guide: { for: async () => GUIDE },
    catalog: () => catalog,
    switcher: options.switcher ?? switcherFor({ host: '127.0.0.1', drivesSandbox: true }),
    login: options.login,
    sessionSecret: 'a secret for the tests only, long enough',
    admits: (...asked) => desk.admits(...asked),
    clock,
    log: silentLogger,
  })
  const sender = await startSender({ store, surfaces: web.surfaces, log: silentLogger, clock })
  const server = createHttpServer({
    listen: { host: '127.0.0.1', port: 0 },
    routers: [{ path: '/api', router: web.router, close: web.hangUp }],
    health: { needed: {} },
    log: silentLogger,
    pageFolder: options.page ? await ensurePage() : undefined,
  })
  const address = await server.listen()
  return Object.assign(desk, {
    address,
    store,
    received,
    clicks,
    show,
    async close() {
      await sender.close()
      await server.close()
      await web.close()
      await closeStore()
    },
  })
}

export type Desk = Awaited<ReturnType<typeof startDesk>>

const GUIDE = [
  ['deploy', 'Put a version of a service into an environment', 'deploy checkout 1.4.2 to staging'],
  ['status', 'How services run, here and now', 'status checkout in production'],
  ['scale', 'Change how many replicas of a service run', 'scale cart to 4 in staging'],
  ['rollback', 'Go back to the version that ran before', 'rollback checkout in staging'],
].map(([name = '', summary = '', example = '']) => ({
  name,
  summary,
  risk: 'write',
  usage: `${name} …`,
  examples: [example],
  where: [],
}))
