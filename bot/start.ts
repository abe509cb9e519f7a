import type { Catalog } from '../core/catalog/catalog.ts'
import type { LoginConfig } from '../core/config/config.ts'
import type { Account, Person, SurfaceName } from '../core/person.ts'
import type { SkillGuide } from '../core/ports/desk.ts'
import type { Health } from '../core/ports/health.ts'
import type { LanguageModel } from '../core/ports/language-model.ts'
import type { Logger } from '../core/ports/logger.ts'
import type { PeopleDirectory } from '../core/ports/people.ts'
import type { Telemetry } from '../core/ports/telemetry.ts'
import { resolveSecret } from '../core/secrets.ts'
import { endDeadLeases } from '../db/sender-leases.ts'
import type { Store } from '../db/store.ts'
import type { Door } from '../operations/door.ts'
import type { ChatSurface } from './chat-surface.ts'
import { type ChatConfig, createChatSurfaces } from './chat-surfaces.ts'
import type { ConversationDeps } from './conversation/deps.ts'
import { createConversation } from './conversation/intake.ts'
import { startSender } from './deliver/sender.ts'
import { watched } from './deliver/watched.ts'
import { firstAdminCode } from './people/first-admin.ts'
import { createModelReader } from './understand/language-model/model-reader.ts'
import { warmReader } from './understand/understand.ts'
import { switcherFor } from './web/deps.ts'
import { createLoginProvider } from './web/login/provider.ts'
import { sessionSecret } from './web/session.ts'
import { createWebSurface, type WebSurface } from './web/start.ts'

export interface Talk {
  /** The API of the page and the terminal; mount it at `/api`. */
  readonly router: WebSurface['router']
  /** What chat services send to; their routers read bodies themselves. */
  readonly mounts: ChatSurface['mounts']
  /** On an install without an admin: the code that makes the first one. */
  readonly firstAdminCode: string | undefined
  /** Why people may, or may not, choose who they are on the page. */
  readonly switcherSays: string
  /** How the chat services are that say so, by name. */
  readonly health: Readonly<Record<string, () => Promise<Health>>>
  /** Ends live connections, so that the server can close. */
  hangUp(): void
  close(): Promise<void>
}

/** Starts everything people talk through: the conversation, the local surfaces, and the sender of cards. */
export async function startTalking(options: {
  readonly store: Store
  readonly door: Door
  readonly skills: ConversationDeps['skills']
  readonly catalog: () => Catalog
  readonly guide: SkillGuide
  readonly people: PeopleDirectory
  readonly clock: () => Date
  readonly log: Logger
  /** Told of what was done. */
  readonly telemetry: Telemetry
  /** Where the page listens, and whether the program drives nothing but the sandbox. */
  readonly host: string
  readonly drivesSandbox: boolean
  readonly login: LoginConfig | undefined
  readonly model: LanguageModel | undefined
  readonly chat: ChatConfig
  /** Where the program is reached from outside. */
  readonly address: string | undefined
  /** The session secret is kept here; absent: one for this process. */
  readonly dataFolder: string | undefined
}): Promise<Talk> {
  const { store, door, skills, catalog, guide, people, clock, log, telemetry } = options
  warmReader({ skills, catalog: catalog(), now: clock() })
  const reader = options.model && createModelReader({ model: options.model, log })
  let chats: readonly ChatSurface[] = []
  const vouchedEmail = async (account: Account) =>
    chats.find(({ surface }) => surface.name === account.surface)?.vouchedEmail?.(account)
  const conversation = createConversation({
    ...{ store, door, skills, catalog, people, clock, log, telemetry, reader },
    vouchedEmail,
  })
  const switcher = switcherFor({
    host: options.host,
    drivesSandbox: options.drivesSandbox,
    login: options.login !== undefined,
  })
  const admits = async (surface: SurfaceName, channel: string, person: Person) =>
    (await chats.find((chat) => chat.surface.name === surface)?.admits?.(channel, person)) ?? false
  const web = await createWebSurface({
    store,
    admits,
    intake: conversation,
    people,
    desk: door.desk,
    guide,
    catalog,
    switcher,
    login: options.login && loginOf(options.login, clock),
    sessionSecret: await sessionSecret(options.dataFolder, options.login && clientSecretOf(options.login)),
    clock,
    log,
  })
  const { desk } = door
  const parts = {
    store,
    intake: conversation,
    people,
    desk,
    skills,
    guide,
    catalog,
    address: options.address,
    pageAddress: options.login?.address,
    clock,
    log,
  }
  chats = await createChatSurfaces(options.chat, parts)
  // Before anything runs by itself: what fails here must leave nothing behind that keeps the process.
  const adminCode = await firstAdminCode(store, clock())
  if (store.backend === 'pglite') await endDeadLeases(store.db)
  // A chat service takes its time and has its limits: none may hold up the page, or another one.
  const rounds = [web.surfaces, ...chats.map(({ surface }) => [surface])]
  const senders = await Promise.all(
    rounds.map((round) => {
      const surfaces = round.map((surface) => watched(surface, telemetry, clock))
      return startSender({ store, surfaces, log, clock, telemetry })
    }),
  )
  for (const chat of chats) await chat.open()
  return {
    router: web.router,
    mounts: chats.flatMap(({ mounts }) => mounts),
    health: Object.fromEntries(
      chats.flatMap((chat) => {
        const look = chat.health?.bind(chat)
        return look ? [[chat.surface.name, look]] : []
      }),
    ),
    firstAdminCode: adminCode,
    switcherSays: switcher.says,
    hangUp: () => web.hangUp(),
    async close() {
      // What was acknowledged is stored before the cards' sender goes.
      await Promise.all(chats.map((chat) => chat.close()))
      await conversation.close()
      await Promise.all(senders.map((sender) => sender.close()))
      await web.close()
    },
  }
}

function loginOf(login: LoginConfig, clock: () => Date) {
  return {
    provider: createLoginProvider({ ...login, clientSecret: clientSecretOf(login) }, clock),
    secure: login.address.startsWith('https:'),
  }
}

const clientSecretOf = ({ clientSecret }: LoginConfig) => clientSecret && resolveSecret(clientSecret)
