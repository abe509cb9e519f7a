import express, { type Request, type Response, Router } from 'express'
import { messageOf } from '../../../core/errors.ts'
import { Activity, withoutNulls } from '../activity.ts'
import type { TeamsDeps } from '../deps.ts'
import { Replays } from '../verify/replays.ts'
import { RefusedActivityError, type Verified, type VerifyOptions, verifyActivity } from '../verify/verify.ts'
import { createEvents, type EventAnswer } from './events.ts'
import { keyOf } from './inbox.ts'

const BODY_LIMIT_BYTES = 1024 * 1024

export interface Reception {
  readonly router: Router
  /** Takes nothing more in; resolves when what was taken is with the intake. */
  close(): Promise<void>
}

/** Where the Bot Framework sends activities: checked, answered once, and never made to wait for the store. */
export function createReception(deps: TeamsDeps, verifying: VerifyOptions): Reception {
  const { clock, log } = deps
  const replays = new Replays<Promise<EventAnswer>>()
  const events = createEvents(deps)

  async function receive(request: Request, response: Response): Promise<void> {
    const parsed = Activity.safeParse(withoutNulls(request.body))
    if (!parsed.success) return void response.status(400).json({ error: 'This is no activity of the Bot Framework.' })
    const activity = parsed.data
    const verified = await verified401(activity, request, response)
    if (!verified) return
    const answer = await once(activity, verified)
    response.status(answer.status)
    if (answer.body) response.json(answer.body)
    else response.end()
  }

  async function verified401(activity: Activity, request: Request, response: Response): Promise<Verified | undefined> {
    try {
      return await verifyActivity(activity, request.headers.authorization, verifying)
    } catch (error) {
      if (!(error instanceof RefusedActivityError)) throw error
      const { status } = error
      log.info({ why: messageOf(error), tenant: activity.conversation.tenantId, status }, 'an activity was refused')
      response.status(status).json({ error: error.message })
      return undefined
    }
  }

  /** An activity that came before is answered as it was then, and does nothing. */
  function once(activity: Activity, verified: Verified): Promise<EventAnswer> {
    if (activity.id === undefined) return events.take(activity, verified.tenantId)
    const key = keyOf(activity)
    const before = replays.before(key)
    if (before) return before
    const answer = events.take(activity, verified.tenantId)
    replays.keep(key, answer, verified.goodUntil, clock())
    // What could not be taken at all may be sent again.
    answer.catch(() => replays.drop(key))
    return answer
  }

  const router = Router()
  // Read whatever the header calls it: what it is, is checked below.
  router.post('/messages', express.json({ limit: BODY_LIMIT_BYTES, type: () => true }), receive)
  return { router, close: () => events.close() }
}
