import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import { afterAll, beforeAll, beforeEach, vi } from 'vitest'
import { startSlack } from '../../../bot/slack/start.ts'
import type { PersonId } from '../../../core/ids.ts'
import type { Person } from '../../../core/person.ts'
import type { Store } from '../../../db/store.ts'
import { useStore } from '../../_harness/store.ts'
import { quietDeps } from './quiet-deps.ts'
import { BOT } from './seed.ts'
import { SIGNING_SECRET } from './signed.ts'
import { Town } from './town.ts'

/** The Slack surface over HTTP with a town before it and mocks behind it: what it takes in, and what it asks for its pages. */
async function startLone(store: Store) {
  const town = await Town.open()
  const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-slack-'))
  const secret = (name: string, value: string) => {
    writeFileSync(join(folder, name), value)
    return `file:${join(folder, name)}` as const
  }
  const mira: Person = {
    ...{ id: 'mira' as PersonId, name: 'Mira', timezone: 'UTC', grants: [], active: true },
    accounts: [{ surface: 'slack', id: town.id('mira') }],
  }
  const receive = vi.fn()
  const click = vi.fn(async () => ({ ok: true, says: 'Done, as you said.' }))
  const approvalsFor = vi.fn(async () => [])
  const quiet = quietDeps(store)
  const config = {
    ...{ appToken: undefined, home: undefined, api: town.api, install: undefined },
    ...{ signingSecret: secret('signing', SIGNING_SECRET), botToken: secret('token', BOT.token) },
  }
  const surface = await startSlack(config, {
    ...quiet,
    intake: { receive, click },
    people: { ...quiet.people, byAccount: ({ id }) => (id === town.id('mira') ? mira : undefined), byId: () => mira },
    // The page asks for lists only; what is in them is the desk's business.
    desk: { approvalsFor, operations: async () => [] } as unknown as typeof quiet.desk,
    guide: {
      for: async () => [
        {
          name: 'deploy',
          summary: 'Release',
          risk: 'write',
          usage: '',
          examples: ['deploy checkout 1.4.2'],
          where: [],
        },
        { name: 'status', summary: 'How things are', risk: 'read', usage: '', examples: ['how is cart?'], where: [] },
      ],
    },
  })
  const app = express()
  for (const { path, router } of surface.mounts) app.use(path, router)
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  town.program = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // on TCP
  return {
    ...{ town, surface, receive, click, approvalsFor },
    async close() {
      await surface.close()
      server.closeAllConnections()
      server.close()
      await town.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The one of the file that calls `useLone`, and its town. */
export let lone: Awaited<ReturnType<typeof startLone>>
export let town: Town

/** A surface and a store for all tests of a file; what was called is forgotten before each. Returns the store. */
export function useLone(): () => Store {
  const store = useStore()
  beforeAll(async () => {
    lone = await startLone(store())
    town = lone.town
  })
  afterAll(() => lone.close())
  beforeEach(() => {
    vi.clearAllMocks()
    town.front.calls.length = 0
    town.front.replies.length = 0
  })
  return store
}
