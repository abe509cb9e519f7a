import { startTalking } from '../../../bot/start.ts'
import { createGuide } from '../../../bot/understand/guide.ts'
import { configFrom } from '../../../core/config.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import { noTelemetry } from '../../../core/ports/telemetry.ts'
import { createHttpServer } from '../../../http/server.ts'
import type { Engine } from '../crash/engine.ts'

const HERE = { host: '127.0.0.1', port: 0 }

export interface FrontDoor {
  /** Where the chat service sends what people say and press. */
  readonly address: string
  close(): Promise<void>
}

/** What hears and shows, before an engine, as main.ts puts it there. `chat`: its part of the configuration. */
export async function openFrontDoor(engine: Engine, chat: object, clock = () => new Date()): Promise<FrontDoor> {
  const { store, door, skills, catalog, people } = engine
  const log = silentLogger
  const { slack, teams } = configFrom({ environments: { dev: { namespace: 'prove' } }, ...chat })
  const talk = await startTalking({
    ...{ store, door, skills, people, clock, log, telemetry: noTelemetry, host: HERE.host },
    ...{ catalog: () => catalog, guide: createGuide({ skills, catalog: () => catalog }), chat: { slack, teams } },
    ...{ drivesSandbox: false, login: undefined, model: undefined, address: undefined, dataFolder: undefined },
  })
  const server = createHttpServer({
    ...{ listen: HERE, health: { needed: {} }, log },
    routers: talk.mounts.map((mount) => ({ ...mount, body: 'raw' as const })),
  })
  const address = await server.listen()
  return {
    address,
    async close() {
      await server.close()
      await talk.close()
    },
  }
}
