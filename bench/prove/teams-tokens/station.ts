import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import type { ChatDeps } from '../../../bot/chat-surface.ts'
import { startTeams } from '../../../bot/teams/start.ts'
import { configFrom } from '../../../core/config.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import type { Intake } from '../../../core/ports/surface.ts'
import { translateErrors } from '../../../http/error-translation.ts'
import { FakeTeams } from '../../../test/_harness/fake-teams.ts'
import { newKey } from '../../../test/_harness/fake-teams-keys.ts'
import { privateStore } from '../frame/store.ts'

export const SPEAKER = 'aaaaaaaa-0000-4000-8000-00000000000a'

/** The Teams surface over HTTP with Microsoft's side beside it, an intake that only counts, and an attacker who waits to be called. */
export interface Station {
  readonly teams: FakeTeams
  readonly attacker: { readonly url: string; readonly calls: string[] }
  /** What the intake was given, by the text of the message. */
  readonly taken: string[]
  send(activity: object, authorization: string | undefined): Promise<number>
  close(): Promise<void>
}

export async function openStation(): Promise<Station> {
  const teams = await FakeTeams.start()
  // Keys of the Bot Framework's that may not speak for Teams.
  teams.keys.push(newKey([]), newKey(['skype', 'webchat']))
  teams.members.set(SPEAKER, { aadObjectId: SPEAKER, name: 'A member' })
  const attacker = await openAttacker()
  const store = await privateStore('pglite')
  const taken: string[] = []
  const intake: Intake = {
    receive: ({ text }) => void taken.push(text),
    click: async ({ deliveryId }) => {
      taken.push(deliveryId)
      return { ok: true, says: '' }
    },
  }
  process.env.QUARTERDECK_PROVE_TEAMS = 'the password of the bot that is proved'
  const config = configFrom({
    environments: { staging: { namespace: 'shop' } },
    teams: teams.config('QUARTERDECK_PROVE_TEAMS'),
  }).teams
  if (!config) throw new Error('The configuration has no Teams.')
  const people = { byAccount: () => undefined, all: () => [], byId: () => undefined, refresh: async () => undefined }
  // What is received needs no more of what a surface works with than this.
  const deps = { store: store.store, intake, people, clock: () => new Date(), log: silentLogger } as unknown as ChatDeps
  const surface = startTeams(config, deps)
  const app = express()
  for (const { path, router } of surface.mounts) app.use(path, router)
  app.use(translateErrors(silentLogger))
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a TCP server's address is never a string
  return {
    teams,
    attacker: attacker.station,
    taken,
    async send(activity, authorization) {
      const answer = await fetch(`http://127.0.0.1:${port}/teams/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) },
        body: JSON.stringify(activity),
      })
      await answer.arrayBuffer()
      return answer.status
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await surface.close()
      await attacker.close()
      await teams.close()
      await store.close()
    },
  }
}

async function openAttacker() {
  const calls: string[] = []
  const server = createServer((request, response) => {
    calls.push(`${request.method} ${request.url}`)
    response.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a TCP server's address is never a string
  return {
    station: { url: `http://127.0.0.1:${port}`, calls },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}
