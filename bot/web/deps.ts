import type { Catalog } from '../../core/catalog/catalog.ts'
import type { Person, SurfaceName } from '../../core/person.ts'
import type { DeskReader, SkillGuide } from '../../core/ports/desk.ts'
import type { Logger } from '../../core/ports/logger.ts'
import type { PeopleDirectory } from '../../core/ports/people.ts'
import type { Intake } from '../../core/ports/surface.ts'
import type { Store } from '../../db/store.ts'
import type { LiveHub } from './live-hub.ts'
import type { LoginProvider } from './login/provider.ts'

/** Whether this program lets a person at the desk say who they are. */
export interface Switcher {
  readonly allowed: boolean
  /** Why, or why not, for people. */
  readonly says: string
}

/**
 * The person switcher is for trying things out by one person at one desk: only while nobody else can reach the page and nothing real can
 * be changed. Anywhere else, and wherever a login is configured, people sign in.
 */
export function switcherFor(program: { host: string; drivesSandbox: boolean; login?: boolean }): Switcher {
  if (program.login) return { allowed: false, says: 'Here people sign in.' }
  const loopback = /^(?:127(?:\.\d{1,3}){3}|::1|localhost)$/.test(program.host)
  if (loopback && program.drivesSandbox)
    return { allowed: true, says: 'Anybody at this computer; the cluster is the sandbox.' }
  const because = loopback ? 'it drives a real cluster' : `it listens on ${program.host}, which others may reach`
  return {
    allowed: false,
    says: `Choosing a person without a login is refused here, because ${because}. Configure a login (OIDC: login in quarterdeck.yaml), or run it on 127.0.0.1 with the sandbox.`,
  }
}

export interface WebDeps {
  readonly store: Store
  readonly intake: Intake
  readonly people: PeopleDirectory
  readonly desk: Pick<DeskReader, 'operations' | 'approvalsFor' | 'halted'>
  readonly guide: SkillGuide
  readonly catalog: () => Catalog
  readonly hub: LiveHub
  readonly switcher: Switcher
  /** Absent: nobody signs in here. `secure`: people come by https. */
  readonly login?: { readonly provider: LoginProvider; readonly secure: boolean }
  /** Signs the session cookie; see `sessionSecret`. */
  readonly sessionSecret: string
  /** Whether a chat service shows a channel to somebody. Throws UpstreamError when it cannot say. */
  readonly admits: (surface: SurfaceName, channel: string, person: Person) => Promise<boolean>
  readonly clock: () => Date
  readonly log: Logger
}
