import type { Request, Response } from 'express'
import type { Account, Grant, Person } from '../../core/person.ts'
import type { WebDeps } from './deps.ts'
import type { Sessions } from './session.ts'

export interface Speaker {
  readonly person: Person
  /** The account the person speaks through. */
  readonly account: Account
}

/** The person behind a request, from memory only; undefined when there is no session or the person has left. */
export function speakerOf(deps: WebDeps, sessions: Sessions, request: Request): Speaker | undefined {
  const session = sessions.read(request)
  // A person who was chosen in a list is not one who signed in.
  const counts = session?.by === 'login' ? deps.login !== undefined : deps.switcher.allowed
  const person = session && counts ? deps.people.byId(session.personId) : undefined
  if (!session || !person?.active) return undefined
  const account = person.accounts.find(({ surface }) => surface === session.surface)
  return account && { person, account }
}

/** The same, or undefined after answering why not. */
export function speakerOr401(deps: WebDeps, sessions: Sessions, request: Request, response: Response) {
  const speaker = speakerOf(deps, sessions, request)
  if (speaker) return speaker
  if (deps.login) response.status(401).json({ error: 'Sign in first.' })
  else if (deps.switcher.allowed) response.status(401).json({ error: 'Say who you are first: choose a person.' })
  else response.status(403).json({ error: deps.switcher.says })
  return undefined
}

/** A person as the page shows them: web/src/api-types.ts has the other end. */
export function personView({ id, name, timezone, grants }: Person) {
  return { id, name, timezone, roles: grants.filter(counts).map(sayGrant) }
}

const everywhere = (names: readonly string[]) => names.includes('*')
const counts = ({ environments, teams }: Grant) => environments.length > 0 && teams.length > 0

/** `operator in staging, dev`, `approver everywhere`, `operator in production for payments`. */
function sayGrant({ role, environments, teams }: Grant): string {
  const where = everywhere(environments) ? (everywhere(teams) ? 'everywhere' : '') : `in ${environments.join(', ')}`
  const whose = everywhere(teams) ? '' : `for ${teams.join(', ')}`
  return [role, where, whose].filter(Boolean).join(' ')
}
