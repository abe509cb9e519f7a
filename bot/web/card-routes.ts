import { Router } from 'express'
import { channelOfThread } from '../../core/channel-key.ts'
import type { DeliveryId } from '../../core/ids.ts'
import type { Person } from '../../core/person.ts'
import { type DeliveryRow, deliveryById } from '../../db/deliveries.ts'
import { threadById } from '../../db/threads.ts'
import { ClickBody, LOCAL_SURFACES, parseOr400 } from './bodies.ts'
import { cardItem, toRead } from './card-item.ts'
import type { WebDeps } from './deps.ts'
import { mayRead } from './readers.ts'
import type { Sessions } from './session.ts'
import { speakerOr401 } from './who.ts'

/** Buttons of cards, the files attached to them, and one card by itself, to read, wherever it was shown. */
export function cardRoutes(deps: WebDeps, sessions: Sessions): Router {
  const { store, intake, clock } = deps
  const router = Router()

  router.post('/cards/:deliveryId/click', async (request, response) => {
    const speaker = speakerOr401(deps, sessions, request, response)
    const body = speaker && parseOr400(response, ClickBody, request.body)
    if (!speaker || !body) return
    const delivery = await visible(request.params.deliveryId, speaker.person)
    if (!delivery || !isLocal(delivery)) return void response.status(404).json({ error: 'There is no such card.' })
    const inPayload = body.payload.planHash
    const reply = await intake.click({
      deliveryId: delivery.id,
      verb: body.verb,
      payload: body.payload,
      reason: body.reason,
      planHash: body.planHash ?? (typeof inPayload === 'string' ? inPayload : undefined),
      key: body.key,
      surface: delivery.surface,
      account: speaker.account,
      at: clock(),
    })
    response.json(reply)
  })

  router.get('/cards/:deliveryId', async (request, response) => {
    const speaker = speakerOr401(deps, sessions, request, response)
    if (!speaker) return
    const delivery = await visible(request.params.deliveryId, speaker.person)
    const thread = delivery && (await threadById(store.db, delivery.threadId))
    if (!delivery || !thread)
      return void response.status(404).json({ error: 'There is no such card, or it is not for you.' })
    const { id: deliveryId, surface, onlyPerson: only } = delivery
    const card = isLocal(delivery) ? delivery.card : toRead(delivery.card)
    response.json({ surface, item: cardItem({ ...delivery, deliveryId, card, threadKey: thread.surfaceKey, only }) })
  })

  router.get('/files/:deliveryId/:block', async (request, response) => {
    const speaker = speakerOr401(deps, sessions, request, response)
    if (!speaker) return
    const delivery = await visible(request.params.deliveryId, speaker.person)
    const block = /^\d{1,4}$/.test(request.params.block)
      ? delivery?.card.blocks[Number(request.params.block)]
      : undefined
    if (block?.type !== 'code' || !block.file)
      return void response.status(404).json({ error: 'There is no such file.' })
    const name = block.file.name.replace(/[^\w. -]/g, '_').slice(0, 100)
    // Always a download, always plain: what a log holds must not be able to become a page of ours.
    response.setHeader('Content-Type', 'text/plain; charset=utf-8')
    response.setHeader('Content-Disposition', `attachment; filename="${name}"`)
    response.setHeader('Cache-Control', 'private, no-store')
    response.send(block.file.content)
  })

  /** A card that is not for others only. */
  async function visible(id: string, person: Person): Promise<DeliveryRow | undefined> {
    // PostgreSQL does not even look for a text with a NUL in it.
    if (!/^[\w-]{1,60}$/.test(id)) return undefined
    // A wrong id is simply not found: the brand only says what it is looked up as.
    const row = await deliveryById(store.db, id as DeliveryId)
    if (!row || (row.onlyPerson !== null && row.onlyPerson !== person.id)) return undefined
    if (isLocal(row) || row.onlyPerson === person.id) return row
    const thread = await threadById(store.db, row.threadId)
    const channel = thread && channelOfThread(row.surface, thread.surfaceKey)
    return channel !== undefined && (await mayRead(deps, row, channel, person)) ? row : undefined
  }

  return router
}

const isLocal = ({ surface }: DeliveryRow): boolean => LOCAL_SURFACES.some((name) => name === surface)
