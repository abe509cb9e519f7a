import { expect, test, vi } from 'vitest'
import { createInbox } from '../../../bot/slack/inbox.ts'
import { press } from '../../../bot/slack/listen/press.ts'
import { createWebClient } from '../../../bot/slack/web-client.ts'
import type { Workspaces } from '../../../bot/slack/workspaces.ts'
import { UpstreamError } from '../../../core/errors.ts'
import type { DeliveryId } from '../../../core/ids.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import type { Store } from '../../../db/store.ts'
import { quietDeps } from './quiet-deps.ts'

const api = 'http://127.0.0.1:9/'
const web = createWebClient(undefined, api, silentLogger)
const workspaces: Workspaces = {
  of: async (teamId) => ({ teamId, botUserId: 'U0', botId: undefined, web }),
  account: async (_team, id) => ({ surface: 'slack', id }),
  whereIs: async () => undefined,
  userIn: () => undefined,
  userNow: async () => undefined,
  channel: async () => undefined,
  forget: () => undefined,
}
const away = new UpstreamError('The database does not answer.', { service: 'database', retryable: true })
const tell = vi.fn(async () => undefined)
const callers = { standing: async () => ({ ok: true }) as const }
// Whatever is asked of it, it does not answer.
const store = {
  get db(): never {
    throw away
  },
} as unknown as Store
const deps = quietDeps(store)
const open = () => createInbox({ deps, workspaces, callers, tell })

test('what may answer a question of ours is looked at until the store says so', async () => {
  const inbox = open()
  const look = vi.fn(async () => undefined)
  look.mockRejectedValueOnce(away).mockRejectedValueOnce(away)
  inbox.overhear('T1:C1:1.1', look)
  await inbox.close(10_000)
  expect(look).toHaveBeenCalledTimes(3)
})

test('who clicks what only the store knows is told that it does not answer', async () => {
  const inbox = open()
  const button = {
    deliveryId: 'dl-1' as DeliveryId,
    verb: 'approve',
    mark: '0123456789ab',
    payload: undefined,
  } as const // of no card
  const where = { team: 'T1', user: 'U1', channel: 'C1' }
  const reopening = { heard: vi.fn(), letIn: vi.fn(), close: async () => undefined }
  press({ deps, workspaces, callers, inbox, tell, reopening, api }, { where, button, key: 'k' })
  await inbox.close(10_000)
  expect(tell).toHaveBeenCalledWith(where, away.message)
})
