import { type Relay, relayTo, type Trouble } from '../../../test/_harness/relay.ts'

/** What was sent before its trouble ended may arrive so much later. */
const LATE_MS = 1_000

/** The way between the program and a chat service, on which a network's troubles are brought about. */
export interface Wire {
  /** Where the program finds the service, without a slash at the end. */
  readonly origin: string
  suffer(trouble: Trouble): Promise<void>
  mend(): Promise<void>
  /** The service took a message: its answer may be lost. */
  taken(): void
  close(): Promise<void>
}

/** @param lost hears whenever somebody may not have heard that what stands there by then was taken */
export async function wireTo(service: string, lost: () => void): Promise<Wire> {
  const relay: Relay = await relayTo(service)
  let troubled = false
  let mendedAt = Number.NEGATIVE_INFINITY
  return {
    origin: new URL(relay.url).origin,
    async suffer(trouble) {
      troubled = true
      lost()
      await relay.suffer(trouble)
    },
    async mend() {
      await relay.mend()
      troubled = false
      mendedAt = performance.now()
      lost()
    },
    taken() {
      if (troubled || performance.now() - mendedAt < LATE_MS) lost()
    },
    close: () => relay.close(),
  }
}
