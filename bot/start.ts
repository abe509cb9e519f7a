import type { Catalog } from '../core/catalog/catalog.ts'
import type { LoginConfig } from '../core/config/config.ts'
import type { SkillGuide } from '../core/ports/desk.ts'
import type { LanguageModel } from '../core/ports/language-model.ts'
import type { Logger } from '../core/ports/logger.ts'
import type { PeopleDirectory } from '../core/ports/people.ts'
import { resolveSecret } from '../core/secrets.ts'
import type { Store } from '../db/store.ts'
import type { Door } from '../operations/door.ts'
import type { ConversationDeps } from './conversation/deps.ts'
import { createConversation } from './conversation/intake.ts'
import { startSender } from './deliver/sender.ts'
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
  /** On an install without an admin: the code that makes the first one. */
  readonly firstAdminCode: string | undefined
  /** Why people may, or may not, choose who they are on the page. */
  readonly switcherSays: string
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
  /** Where the page listens, and whether the program drives nothing but the sandbox. */
  readonly host: string
  readonly drivesSandbox: boolean
  readonly login: LoginConfig | undefined
  readonly model: LanguageModel | undefined
  /** The session secret is kept here; absent: one for this process. */
  readonly dataFolder: string | undefined
}): Promise<Talk> {
  const { store, door, skills, catalog, guide, people, clock, log } = options
  warmReader({ skills, catalog: catalog(), now: clock() })
  const reader = options.model && createModelReader({ model: options.model, log })
  const conversation = createConversation({ store, door, skills, catalog, people, clock, log, reader })
  const switcher = switcherFor({
    host: options.host,
    drivesSandbox: options.drivesSandbox,
    login: options.login !== undefined,
  })
  const web = await createWebSurface({
    store,
    intake: conversation,
    people,
    desk: door.desk,
    guide,
    catalog,
    switcher,
    login: options.login && loginOf(options.login, clock),
    sessionSecret: await sessionSecret(options.dataFolder),
    clock,
    log,
  })
  const sender = await startSender({ store, surfaces: web.surfaces, log, clock })
  return {
    router: web.router,
    firstAdminCode: await firstAdminCode(store, clock()),
    switcherSays: switcher.says,
    hangUp: () => web.hangUp(),
    async close() {
      // What was acknowledged is stored before the cards' sender goes.
      await conversation.close()
      await sender.close()
      await web.close()
    },
  }
}

function loginOf(login: LoginConfig, clock: () => Date) {
  const { clientSecret, address } = login
  const secret = clientSecret && resolveSecret(clientSecret)
  return {
    provider: createLoginProvider({ ...login, clientSecret: secret }, clock),
    secure: address.startsWith('https:'),
  }
}
