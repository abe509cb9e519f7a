import type { Sabotage } from '../prover.ts'

const RUN = 'operations/run/context.ts'

// A job that the queue lost is queue-wipe's matter: the sweeper is made blind there.
export const CRASH_SABOTAGES: readonly Sabotage[] = [
  {
    name: 'ledger-off',
    breaks: 'a finished step is not run again',
    file: RUN,
    find: "if (row?.state === 'done') return row.result as T\n",
    replace: "if (row?.state === 'done') return (await perform(name, how)) as T\n",
    runs: 30,
    backend: 'postgres',
  },
  {
    name: 'probe-lies',
    breaks: 'a step that nobody knows the end of is looked for, not repeated',
    file: RUN,
    find: 'if (probe.happened) {',
    replace: 'if (false) {',
    runs: 30,
    backend: 'postgres',
  },
  {
    name: 'dedup-off',
    breaks: 'a request that is asked again is the same one',
    file: 'db/proposals.ts',
    find: 'request.operation_id is null and',
    replace: '',
    runs: 15,
    backend: 'postgres',
  },
  {
    name: 'card-not-looked-for',
    breaks: 'a message whose answer was lost is found again',
    file: 'bot/deliver/sender.ts',
    find: 'row.attempts > 0 && (await surface.find?.(message))',
    replace: 'undefined',
    runs: 10,
    surface: 'slack',
  },
  {
    name: 'last-word-kept',
    breaks: 'a card that says something new is sent again',
    file: 'db/publish.ts',
    find: 'revision = live.revision + 1',
    replace: 'revision = live.revision',
    runs: 10,
    surface: 'teams',
  },
]
