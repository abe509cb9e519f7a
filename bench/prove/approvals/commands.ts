import fc from 'fast-check'
import { ACCOUNTS, type AccountKind, NAMES, type Name, REQUESTERS } from './crew.ts'
import { COUNTS, type Count } from './town.ts'

/** What people, time and the outside may do to one request. */
export type Command =
  | {
      readonly do: 'approve'
      readonly name: Name
      readonly account: AccountKind
      readonly clicks: 'one' | 'twice' | 'three fingers'
      readonly card: 'this' | 'first'
    }
  | { readonly do: 'reject'; readonly name: Name; readonly account: AccountKind }
  | { readonly do: 'go'; readonly name: Name }
  | { readonly do: 'break the glass'; readonly name: Name; readonly reason: string }
  | { readonly do: 'edit'; readonly name: Name; readonly value: number }
  | { readonly do: 'nudge'; readonly value: number }
  | { readonly do: 'later'; readonly minutes: number }
  | { readonly do: 'tick' }
  | { readonly do: 'advance' }
  | { readonly do: 'revoke'; readonly name: Name; readonly role: 'approver' | 'operator' | 'breakglass' }
  | { readonly do: 'grant'; readonly name: Name; readonly role: 'approver' | 'operator' | 'breakglass' }
  | { readonly do: 'leave'; readonly name: Name }
  | { readonly do: 'unlink'; readonly name: Name; readonly account: AccountKind }
  | { readonly do: 'delegate'; readonly from: Name; readonly to: Name; readonly minutes: number }
  | { readonly do: 'policy'; readonly count: Count }
  | { readonly do: 'cancel'; readonly name: Name }

/** A request and what happens to it. */
export interface Sequence {
  readonly requester: Name
  readonly environment: 'production' | 'staging'
  readonly count: Count
  readonly by: 'command' | 'model'
  readonly commands: readonly Command[]
}

const name = fc.constantFrom(...NAMES)
// Most clicks come from those who have something to say; the others must be tried, too.
const voter = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<Name>('ann', 'bob', 'eve', 'cat') },
  { weight: 1, arbitrary: name },
)
const requester = fc.constantFrom(...REQUESTERS)
const account = fc.constantFrom(...ACCOUNTS)
const value = fc.constantFrom(1, 2, 3)
const role = fc.constantFrom('approver' as const, 'approver' as const, 'operator' as const, 'breakglass' as const)
const one = <T extends Command['do']>(what: T) => fc.constant(what)

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: one('approve'),
      name: voter,
      account,
      clicks: fc.constantFrom('one' as const, 'one' as const, 'twice' as const, 'three fingers' as const),
      card: fc.constantFrom('this' as const, 'this' as const, 'this' as const, 'first' as const),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: one('advance') }) },
  { weight: 1, arbitrary: fc.record({ do: one('reject'), name: voter, account }) },
  { weight: 2, arbitrary: fc.record({ do: one('go'), name: fc.oneof(requester, name) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: one('break the glass'),
      name: fc.oneof({ weight: 3, arbitrary: fc.constant<Name>('sam') }, { weight: 1, arbitrary: name }),
      reason: fc.constantFrom('it burns', 'it burns', ' '),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: one('edit'),
      name: fc.oneof({ weight: 3, arbitrary: requester }, { weight: 1, arbitrary: name }),
      value,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: one('nudge'), value }) },
  { weight: 3, arbitrary: fc.record({ do: one('later'), minutes: fc.constantFrom(1, 8, 16, 29, 31) }) },
  { weight: 1, arbitrary: fc.record({ do: one('tick') }) },
  { weight: 2, arbitrary: fc.record({ do: one('revoke'), name: voter, role }) },
  { weight: 1, arbitrary: fc.record({ do: one('grant'), name, role }) },
  { weight: 1, arbitrary: fc.record({ do: one('leave'), name }) },
  { weight: 1, arbitrary: fc.record({ do: one('unlink'), name: voter, account }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: one('delegate'),
      from: fc.oneof(voter, requester),
      to: fc.oneof(fc.constant<Name>('dan'), name),
      minutes: fc.constantFrom(5, 60),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: one('policy'), count: fc.constantFrom(...COUNTS) }) },
  { weight: 1, arbitrary: fc.record({ do: one('cancel'), name }) },
)

/** A deputy and their lender, who must not count as two; before and after the time is over. Left to chance they meet too seldom. */
const lending: fc.Arbitrary<Command[]> = fc
  .record({
    from: fc.constantFrom<Name>('ann', 'bob', 'eve'),
    minutes: fc.constantFrom(5, 60),
    wait: fc.constantFrom(1, 8),
  })
  .map(({ from, minutes, wait }) => {
    const approve = { do: 'approve', account: 'web', clicks: 'one', card: 'this' } as const
    return [
      { do: 'delegate', from, to: 'dan', minutes },
      { do: 'later', minutes: wait },
      { ...approve, name: 'dan' },
      { ...approve, name: from },
      { do: 'advance' },
    ]
  })

const many = fc.array(command, { minLength: 3, maxLength: 12, size: 'max' })

export const sequences: fc.Arbitrary<Sequence> = fc.record({
  requester,
  environment: fc.constantFrom('production' as const, 'production' as const, 'staging' as const),
  count: fc.constantFrom(1 as const, 1 as const, 2 as const, 2 as const, 3 as const),
  by: fc.constantFrom('command' as const, 'command' as const, 'command' as const, 'model' as const),
  commands: fc.oneof(
    { weight: 9, arbitrary: many },
    { weight: 1, arbitrary: fc.tuple(lending, many).map(([first, then]) => [...first, ...then.slice(0, 6)]) },
  ),
})

export const sayCommand = (command: Command): string => {
  const { do: what, ...rest } = command
  return [what, ...Object.values(rest)].join(' ')
}

export const saySequence = ({ requester: who, environment, count, by, commands }: Sequence): string =>
  `${who} asks for a change in ${environment} that needs ${count} (read by ${by}): ${commands.map(sayCommand).join('; ')}`
