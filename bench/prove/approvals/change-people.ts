import { and, eq } from 'drizzle-orm'
import { DeniedError, UserError } from '../../../core/errors.ts'
import type { PersonId } from '../../../core/ids.ts'
import { addGrant } from '../../../db/grants.ts'
import { accounts } from '../../../db/schema/accounts.ts'
import { grants } from '../../../db/schema/grants.ts'
import { people } from '../../../db/schema/people.ts'
import type { Command } from './commands.ts'
import type { Oracle } from './oracle.ts'
import type { Count, Town } from './town.ts'

const MINUTE_MS = 60_000
const KINDS = ['revoke', 'grant', 'leave', 'unlink', 'delegate'] as const

type PeopleCommand = Extract<Command, { readonly do: (typeof KINDS)[number] }>

export const touchesPeople = (command: Command): boolean => KINDS.some((kind) => kind === command.do)

/** What changes who may say yes: in the store, behind everybody's back, but for a delegation, which is asked for at the door. */
export async function changePeople(town: Town, oracle: Oracle, count: Count, command: PeopleCommand): Promise<void> {
  const { store } = town
  const now = town.now()
  if (command.do === 'delegate') {
    const until = new Date(now.getTime() + command.minutes * MINUTE_MS)
    const input = { person: command.to, until: until.toISOString() }
    const lent = await refused(() => town.propose(count, command.from, 'delegate', input, 'command'))
    if (lent && (await town.operation(lent)).state === 'succeeded')
      oracle.lend(command.from, command.to, until.getTime())
    return
  }
  const personId = command.name as PersonId // a name of the crew is an id
  if (command.do === 'revoke') {
    await store.db.delete(grants).where(and(eq(grants.personId, personId), eq(grants.role, command.role)))
    return void oracle.revoke(command.name, command.role)
  }
  if (command.do === 'grant') {
    const grant = { role: command.role, environments: ['*'], teams: ['*'] }
    await store.transaction((tx) => addGrant(tx, { personId, grant, source: 'admin', at: now }))
    return void oracle.grant(command.name, command.role)
  }
  if (command.do === 'leave') {
    await store.db.update(people).set({ active: false }).where(eq(people.id, personId))
    return void oracle.leave(command.name)
  }
  const { surface, id } = town.accountOf(command.name, command.account)
  await store.db.delete(accounts).where(and(eq(accounts.surface, surface), eq(accounts.accountId, id)))
  oracle.unlink(command.name, command.account)
}

/** What the door refuses is no fault. */
export async function refused<T>(act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof UserError || error instanceof DeniedError) return undefined
    throw error
  }
}
