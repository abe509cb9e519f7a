import { CHAT_SABOTAGES } from '../approvals/sabotages.ts'
import { CRASH_SABOTAGES } from '../crash/sabotages.ts'
import type { Sabotage } from '../prover.ts'
import { ZOMBIE_SABOTAGES } from '../zombie/sabotages.ts'

const known = (name: string, more: Partial<Sabotage>): Sabotage => {
  const found = [...CRASH_SABOTAGES, ...ZOMBIE_SABOTAGES, ...CHAT_SABOTAGES].find((sabotage) => sabotage.name === name)
  if (!found) throw new Error(`No other prover has the sabotage "${name}" any more.`)
  return { ...found, runs: undefined, ...more }
}

/** What it breaks is seen by what never ends. */
export const HANGS = 'outbox-after-commit'

/** What it breaks shows where the answers to messages are lost: that is brought about as these come, not by the clock alone. */
export const UNHEARD: readonly string[] = ['stray-left-open']

export const CHAOS_SABOTAGES: readonly Sabotage[] = [
  {
    name: HANGS,
    breaks:
      'a state and what has to be done next commit together (its row is lost now and then, and nobody looks for orphans)',
    file: 'db/publish.ts',
    find: 'as times\n    order by n, place',
    replace: 'as times where random() < 0.7\n    order by n, place',
    also: {
      file: 'db/sweep.ts',
      find: 'where operation.finished_at is null\n      and (',
      replace: 'where false\n      and (',
    },
  },
  known('fence-off', { backend: 'postgres' }),
  known('ledger-off', { backend: 'pglite' }),
  known('probe-lies', { backend: 'pglite' }),
  known('dedup-off', { backend: 'postgres' }),
  known('precondition-off', { backend: 'postgres' }),
  {
    name: 'call-off-forgotten',
    breaks: 'what a cancel left unchanged stays so: a write that is still on its way is called off first',
    file: 'operations/run/context.ts',
    find: "      if (until === 'for good') await how.callOff?.(write, markOf(session, name))\n",
    replace: '',
    backend: 'postgres',
  },
  {
    name: 'clock-believed',
    breaks: 'what is held for a while is held so long, whatever the clock of a process says',
    file: 'operations/run/context.ts',
    find: 'time: storeNow,',
    replace: 'time: async () => house.clock(),',
    also: { file: 'operations/door.ts', find: '    clock: time.now,\n', replace: '' },
    backend: 'postgres',
  },
  {
    name: 'approvals-unchecked',
    breaks: 'what nobody said yes to does not start',
    file: 'operations/standing.ts',
    find: "needsGo ? 'planned' : verdict.verdict === 'allow' ? 'approved' : 'awaiting_approval'",
    replace: "needsGo ? 'planned' : 'approved'",
    also: {
      file: 'operations/run/start.ts',
      find: "if (verdict.verdict !== 'allow') return held(",
      replace: "if (verdict.verdict === 'deny') return held(",
    },
  },
  {
    name: 'card-forgotten',
    breaks: 'a card is written with its state',
    file: 'db/publish.ts',
    find: 'do update set card = excluded.card, final = excluded.final',
    replace: 'do update set card = live.card, final = live.final',
  },
  {
    name: 'audit-forgotten',
    breaks: 'every change of state has its audit row',
    file: 'operations/run/start.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source text.
    find: "told: [{ actor: 'system', kind: 'operation.running', says: `${plan.summary}: begun.` } as const],",
    replace: 'told: [],',
  },
  known('last-word-kept', { backend: 'postgres' }),
  known('card-not-looked-for', { backend: 'postgres', runs: 3 }),
  {
    name: 'stray-left-open',
    breaks: 'a message that came a second time in Teams is closed at the first press',
    file: 'bot/teams/receive/buttons.ts',
    find: '  await closeStray(deps, row, place, stray)\n',
    replace: '',
    backend: 'postgres',
    surface: 'teams',
  },
  known('dialog-unread', { backend: 'postgres' }),
]
