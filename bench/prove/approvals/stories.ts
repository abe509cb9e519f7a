import type { Command, Sequence } from './commands.ts'
import type { Name } from './crew.ts'

type Story = Omit<Sequence, 'requester' | 'environment' | 'by'> & Partial<Sequence>

const yes = (name: Name, clicks: 'one' | 'twice' | 'three fingers' = 'one', card: 'this' | 'first' = 'this') =>
  ({ do: 'approve', name, account: 'web', clicks, card }) satisfies Command
const later = (minutes: number) => ({ do: 'later', minutes }) satisfies Command
const lend = (from: Name, minutes: number) => ({ do: 'delegate', from, to: 'dan', minutes }) satisfies Command
const advance = { do: 'advance' } satisfies Command

/** What somebody would try who knows the rules, and beside it what goes its way: each once with every seed, before what chance comes up with. */
const TOLD: readonly Story[] = [
  // The ground moves, or the plan does, under what was said.
  { count: 1, commands: [yes('ann'), { do: 'nudge', value: 3 }, advance, advance] },
  { count: 2, commands: [yes('ann'), { do: 'edit', name: 'rita', value: 3 }, yes('bob'), advance] },
  { count: 1, commands: [{ do: 'edit', name: 'rita', value: 3 }, yes('ann', 'one', 'first'), advance] },
  // Time passes: over a yes, over the plan, over what was lent, over a broken glass.
  { count: 2, commands: [later(16), yes('ann'), later(8), yes('bob'), later(29), advance] },
  { count: 1, commands: [later(31), yes('ann'), advance] },
  { count: 1, commands: [yes('ann'), later(31), advance] },
  { count: 1, commands: [lend('ann', 5), later(8), yes('dan'), advance] },
  { count: 1, commands: [lend('ann', 5), yes('dan'), later(8), advance] },
  { count: 3, commands: [{ do: 'break the glass', name: 'sam', reason: 'it burns' }, later(16), advance] },
  // One person as several: fingers, accounts, a deputy and their lender.
  { count: 2, commands: [yes('ann', 'three fingers'), { ...yes('ann'), account: 'cli' }, advance] },
  { count: 2, commands: [lend('ann', 60), yes('dan'), yes('ann'), advance] },
  { count: 2, commands: [lend('bob', 60), later(1), yes('bob'), yes('dan'), advance] },
  // Somebody who may not, or may no longer.
  { count: 1, commands: [yes('rita'), { do: 'go', name: 'ann' }, advance] },
  { count: 1, commands: [yes('ann'), { do: 'revoke', name: 'ann', role: 'approver' }, advance] },
  { count: 1, commands: [yes('ann'), { do: 'leave', name: 'ann' }, advance] },
  { count: 1, commands: [yes('ann'), { do: 'revoke', name: 'rita', role: 'operator' }, advance] },
  { count: 1, commands: [{ do: 'unlink', name: 'ann', account: 'web' }, yes('ann'), advance] },
  { count: 1, commands: [{ do: 'break the glass', name: 'ann', reason: 'it burns' }, advance] },
  // The rule becomes stricter after it was met; what a model read is confirmed by nobody.
  { count: 1, commands: [yes('ann'), { do: 'policy', count: 2 }, advance, yes('bob'), advance] },
  { count: 1, by: 'model', commands: [yes('ann'), advance, { do: 'go', name: 'rita' }, advance] },
  // What runs: two who may said yes.
  { count: 2, commands: [yes('ann'), yes('bob'), advance] },
  // Those who are asked why: a no ends it whatever was said before and after, a glass is broken alone.
  { count: 2, commands: [yes('ann'), { do: 'reject', name: 'bob', account: 'web' }, yes('eve'), advance] },
  {
    count: 1,
    commands: [
      { do: 'reject', name: 'rita', account: 'web' },
      { do: 'reject', name: 'dan', account: 'web' },
    ],
  },
  { count: 3, commands: [{ do: 'break the glass', name: 'sam', reason: 'it burns' }, advance] },
  { count: 3, commands: [{ do: 'break the glass', name: 'sam', reason: ' ' }, advance] },
]

export const STORIES: readonly Sequence[] = TOLD.map((story) => ({
  requester: 'rita',
  environment: 'production',
  by: 'command',
  ...story,
}))
