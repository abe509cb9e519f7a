import { setTimeout as after } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { configFrom } from '../../../core/config.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import type { OperationState } from '../../../core/states.ts'
import type { Store } from '../../../db/store.ts'
import { type Program, startProgram } from '../../../main.ts'
import { startSandbox } from '../../../sandbox/server.ts'
import type { ChatName } from '../prover.ts'
import type { Chat } from '../surfaces/chat.ts'
import { startCountingProxy } from './counting-proxy.ts'
import type { Golden } from './golden.ts'
import { type Hands, handsInChat, handsOnPage } from './hands.ts'
import { meetIn } from './move-to-chat.ts'

/** An operation as the store has it, and what its ledger says to be done. */
export interface Stand {
  readonly id: string
  readonly state: OperationState
  readonly said: string
  readonly by: string
  readonly thread: string
  readonly surface: 'web' | ChatName
  readonly planHash: string | null
  readonly revision: number
  /** Somebody has asked for its end. */
  readonly cancelled: boolean
  /** Each act that is done, with what came of it. */
  readonly done: readonly string[]
  /** Those of them that change something outside. */
  readonly steps: number
}

const STANDS = `
  select o.id, o.state, o.said, o.person_id as by, t.surface_key as thread, t.surface, o.plan_hash as "planHash", o.plan_revision as revision,
    o.cancel_at is not null as cancelled,
    coalesce((select json_agg(concat_ws(' ', s.phase, s.ordinal, s.name, s.result, s.finished_at) order by s.phase, s.ordinal)
      from quarterdeck.steps s where s.operation_id = o.id and s.state = 'done'), '[]') as done,
    (select count(*)::int from quarterdeck.steps s where s.operation_id = o.id and s.state = 'done' and s.kind = 'step') as steps
  from quarterdeck.operations o join quarterdeck.threads t on t.id = o.thread_id order by o.created_at`

export type Stands = ReadonlyMap<string, Stand>

export async function standsBy(ask: (statement: string) => Promise<{ rows: unknown[] }>): Promise<Stands> {
  const { rows } = await ask(STANDS)
  const stands = rows as Stand[] // as the statement says
  return new Map(stands.map((stand) => [stand.id, stand]))
}

export const standsOf = (store: Store) => standsBy((statement) => store.db.execute(sql.raw(statement)))

export interface World extends Hands {
  readonly program: Program
  readonly rooms: readonly Room[]
  readonly effects: Awaited<ReturnType<typeof startCountingProxy>>['effects']
  /** Resolves with what the operations are when all that `is` so, or when patience is over. */
  until(is: (stand: Stand) => boolean, patienceMs: number): Promise<Stands>
  restart(): Promise<void>
  close(): Promise<void>
}

/** The configuration takes an address with a password by reference only. */
function reference(url: string): string {
  process.env.PROVE_UPGRADE_STORE = url
  return 'env:PROVE_UPGRADE_STORE'
}

/** Where people talk, and where in it each conversation is. */
export interface Room {
  readonly chat: Chat
  readonly places: ReadonlyMap<string, string>
  /** The release before knew of no chat: what was asked on its page was moved there. */
  readonly isNew: boolean
}

export interface WorldOptions {
  readonly golden: Golden
  readonly dataFolder: string
  readonly clusterFile: string
  /** Of the PostgreSQL that holds the store; undefined: the embedded one. */
  readonly url: string | undefined
  /** None: people are at the page. */
  readonly rooms: readonly Room[]
}

/** Everybody as the release before had them, each with an account in the chat as well. */
const peopleIn = (chat: Chat, { people }: Golden['settings']) =>
  Object.fromEntries(
    Object.entries(people).map(([id, person]) => {
      const account = chat.accountOf(id)
      return [id, { ...person, accounts: { ...person.accounts, [account.surface]: account.id } }]
    }),
  )

/** This release's program on what another left, its cluster behind a proxy that counts. */
export async function openWorld({ golden, dataFolder, clusterFile, url, rooms }: WorldOptions): Promise<World> {
  const sandbox = await startSandbox({ seed: 1, speed: 30, withPast: false, dataFile: clusterFile })
  const proxy = await startCountingProxy(sandbox.url)
  const fresh = rooms.filter(({ isNew }) => isNew)
  const config = configFrom({
    ...golden.settings,
    ...Object.assign({}, ...rooms.map(({ chat }) => chat.config)),
    ...Object.assign({}, ...fresh.map(({ chat }) => ({ people: peopleIn(chat, golden.settings) }))),
    ...(url === undefined ? {} : { store: { url: reference(url) } }),
    dataFolder,
    listen: { host: '127.0.0.1', port: 0 },
    cluster: { sandbox: proxy.url },
  })
  const start = () => startProgram(config, 'all', silentLogger)
  let program = await start()
  const address = () => program.address ?? ''
  const [somebody] = Object.keys(golden.settings.people)
  for (const { chat } of fresh) if (somebody) await meetIn(chat, somebody, address(), program.store)
  const page = handsOnPage(address)
  const inRooms = rooms.map((room) => ({ room, hands: handsInChat(room.chat, room.places, address) }))
  const handsIn = (thread: string) => inRooms.find(({ room }) => room.places.has(thread))?.hands ?? page
  return {
    press: (person, operation, verb) => handsIn(operation.thread).press(person, operation, verb),
    say: (person, thread, sentence) => handsIn(thread).say(person, thread, sentence),
    rooms,
    get program() {
      return program
    },
    effects: proxy.effects,
    async until(is, patienceMs) {
      const end = performance.now() + patienceMs
      for (;;) {
        const stands = await standsOf(program.store)
        if ([...stands.values()].every(is) || performance.now() > end) return stands
        await after(250)
      }
    },
    async restart() {
      await program.close()
      program = await start()
    },
    async close() {
      await program.close()
      await proxy.close()
      await sandbox.close()
    },
  }
}
