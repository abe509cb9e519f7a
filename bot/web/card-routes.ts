import { Router } from 'express'
import type { DeliveryId } from '../../core/ids.ts'
import type { Person } from '../../core/person.ts'
import { type DeliveryRow, deliveryById } from '../../db/deliveries.ts'
import { ClickBody, LOCAL_SURFACES, parseOr400 } from './bodies.ts'
import type { WebDeps } from './deps.ts'
import type { Sessions } from './session.ts'
import { speakerOr401 } from './who.ts'

/** Buttons of cards, and the files attached to them. */
export function cardRoutes(deps: WebDeps, sessions: Sessions): Router {
  const { store, intake, clock } = deps
  const router = Router()

  router.post('/cards/:deliveryId/click', async (request, response) => {
    const speaker = speakerOr401(deps, sessions, request, response)
    const body = speaker && parseOr400(response, ClickBody, request.body)
    if (!speaker || !body) return
    const delivery = await visible(request.params.deliveryId, speaker.person)
    if (!delivery) return void response.status(404).json({ error: 'There is no such card.' })
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

  /** A card of a local surface that is not for others only. */
  async function visible(id: string, person: Person): Promise<DeliveryRow | undefined> {
    // PostgreSQL does not even look for a text with a NUL in it.
    if (!/^[\w-]{1,60}$/.test(id)) return undefined
    // A wrong id is simply not found: the brand only says what it is looked up as.
    const row = await deliveryById(store.db, id as DeliveryId)
    if (!row || (row.onlyPerson !== null && row.onlyPerson !== person.id)) return undefined
    return LOCAL_SURFACES.some((name) => name === row.surface) ? row : undefined
  }

  return router
}
