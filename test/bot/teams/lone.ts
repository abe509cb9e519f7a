import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterEach, beforeEach } from 'vitest'
import type { ChatDeps, ChatSurface } from '../../../bot/chat-surface.ts'
import { startTeams } from '../../../bot/teams/start.ts'
import { configFrom } from '../../../core/config.ts'
import type { DeliveryId, ThreadId } from '../../../core/ids.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import type { OutgoingMessage } from '../../../core/ports/surface.ts'
import type { Store } from '../../../db/store.ts'
import { FakeTeams } from '../../_harness/fake-teams.ts'
import { embeddedPlace, type Place } from '../../_harness/places.ts'
import { TeamsPerson, textOfMessage } from '../../_harness/teams-person.ts'

export const MIRA = 'aaaaaaaa-0000-4000-8000-00000000000a'
export const THREAD = '19:shop@thread.tacv2;messageid=1'

export let teams: FakeTeams
export let place: Place
let ends: (() => unknown)[]
/** Before what was there earlier, when the test ends. */
export const atEnd = (end: () => unknown) => void ends.push(end)

/** A Teams and a store of its own for each test of the file that calls this. */
export function useLoneTeams(): void {
  beforeEach(async () => {
    process.env.TEAMS_SURFACE_PASSWORD = 'the password of the bot under test'
    teams = await FakeTeams.start()
    teams.members.set(MIRA, { aadObjectId: MIRA, name: 'Mira Vogel', email: 'mira@shop.example' })
    place = await embeddedPlace()
    ends = [() => teams.close(), () => place.close()]
  })
  afterEach(async () => {
    for (const end of ends.reverse()) await end()
  })
}

const person = { id: 'mira', active: true, grants: [], accounts: [{ surface: 'teams', id: MIRA }] }

/** The surface on a store, its router over HTTP, and what it handed to the conversation. */
export async function open(store: Store = place.store) {
  const said: string[] = []
  const people = {
    byAccount: () => undefined,
    byId: (id: string) => (id === 'mira' ? person : undefined),
    all: () => [person],
    refresh: async () => undefined,
  }
  const intake = {
    receive: ({ text }: { text: string }) => said.push(text),
    click: async () => ({ ok: true, says: '' }),
  }
  const config = configFrom({
    environments: { staging: { namespace: 'shop' } },
    teams: teams.config('TEAMS_SURFACE_PASSWORD'),
  }).teams
  if (!config) throw new Error('the configuration has no Teams')
  // The parts that Teams needs of what a surface works with.
  const deps = { store, intake, people, clock: () => new Date(), log: silentLogger } as unknown as ChatDeps
  const chat: ChatSurface = startTeams(config, deps)
  const app = express()
  for (const { path, router } of chat.mounts) app.use(path, router)
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a TCP server's address is never a string
  ends.push(() => new Promise((resolve) => server.close(resolve)))
  ends.push(() => server.closeAllConnections())
  return { ...chat, said, mira: new TeamsPerson(teams, () => `http://127.0.0.1:${port}`, MIRA, THREAD) }
}

export const message = (title: string, more: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  deliveryId: 'dl-1' as DeliveryId, // ids of nothing: the brands only say where they stand
  threadId: 'th-1' as ThreadId,
  threadKey: THREAD,
  card: { kind: 'notice', tone: 'neutral', title, blocks: [] },
  revision: 1,
  final: false,
  createdAt: new Date(),
  updatedAt: new Date(),
  ...more,
})
export const titles = () => teams.messages.map((one) => `${one.conversationId} ${textOfMessage(one)}`)
