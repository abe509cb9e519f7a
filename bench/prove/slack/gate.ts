import type { AddressInfo } from 'node:net'
import express from 'express'
import { createSlackRouter } from '../../../bot/slack/receive/router.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import { translateErrors } from '../../../http/error-translation.ts'
import { SIGNING_SECRET } from '../../../test/bot/slack/signed.ts'

/** What is sent to the program's address, as it arrives there. */
export interface Sent {
  readonly body: string | Buffer
  readonly headers: Readonly<Record<string, string>>
}

/** The way in of Slack's requests over HTTP, alone: behind it somebody only counts what it lets through. */
export interface Gate {
  /** Bodies that went through. */
  readonly taken: number
  /** The gate's clock, before everybody's. */
  aheadMs: number
  send(request: Sent): Promise<number>
  close(): Promise<void>
}

export async function openGate(): Promise<Gate> {
  let taken = 0
  let aheadMs = 0
  const router = createSlackRouter({
    signingSecret: SIGNING_SECRET,
    clock: () => new Date(Date.now() + aheadMs),
    isOpen: () => true,
    handOn(_body, acknowledge) {
      taken++
      acknowledge()
    },
  })
  const app = express().use('/slack', router).use(translateErrors(silentLogger))
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo // a TCP server's address is never a string
  return {
    get taken() {
      return taken
    },
    get aheadMs() {
      return aheadMs
    },
    set aheadMs(ms: number) {
      aheadMs = ms
    },
    async send({ body, headers }) {
      const sent = typeof body === 'string' ? body : new Uint8Array(body)
      const answer = await fetch(`http://127.0.0.1:${port}/slack/events`, { method: 'POST', headers, body: sent })
      await answer.arrayBuffer()
      return answer.status
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
