import type { Router } from 'express'
import type { Catalog } from '../core/catalog/catalog.ts'
import type { Account, Person } from '../core/person.ts'
import type { DeskReader, SkillGuide } from '../core/ports/desk.ts'
import type { Health } from '../core/ports/health.ts'
import type { Logger } from '../core/ports/logger.ts'
import type { PeopleDirectory } from '../core/ports/people.ts'
import type { Intake, Surface } from '../core/ports/surface.ts'
import type { Store } from '../db/store.ts'
import type { ConversationDeps } from './conversation/deps.ts'

/** A chat service that people talk from: how it is heard, and how it is spoken to. */
export interface ChatSurface {
  readonly surface: Surface
  /** What it receives over HTTP. Its router reads bodies itself, because signatures are over their bytes. */
  readonly mounts: readonly { readonly path: string; readonly router: Router }[]
  /** Begins to listen where it connects by itself (Socket Mode); called when cards can be sent. */
  open(): Promise<void>
  /** Takes nothing more in; what was taken is already with the intake. */
  close(): Promise<void>
  /** Whether it is connected, and whether its last message was taken; for /readyz, so it answers from what it knows. */
  health?(): Promise<Health>
  /** The e-mail address of an account of this service, where the service itself has verified it; it asks the service. */
  vouchedEmail?(account: Account): Promise<string | undefined>
  /** Whether that person reads a channel there (a key of core/channel-key.ts). Throws UpstreamError when the service cannot say. */
  admits?(channel: string, person: Person): Promise<boolean>
}

/** What a chat surface works with. */
export interface ChatDeps {
  readonly store: Store
  readonly intake: Intake
  readonly people: PeopleDirectory
  readonly desk: DeskReader
  readonly skills: ConversationDeps['skills']
  readonly guide: SkillGuide
  readonly catalog: () => Catalog
  /** Where the program is reached from outside. */
  readonly address: string | undefined
  /** Where people sign in and read any card they may see (`/#/c/ID`). Absent: nobody can sign in. */
  readonly pageAddress?: string | undefined
  readonly clock: () => Date
  readonly log: Logger
}
