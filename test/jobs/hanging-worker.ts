import { argv, stdout } from 'node:process'
import { silentLogger } from '../../core/ports/logger.ts'
import { openStore } from '../../db/store.ts'
import { startJobs } from '../../jobs/start.ts'

/** A process that takes jobs and never finishes them, so that a test can kill it with work in hand. */
const { store: storeOptions, queue, count, TUNING } = JSON.parse(argv[2] ?? '{}')

const store = await openStore(storeOptions, silentLogger)
await startJobs({
  store,
  door: {
    advance: (operationId) => {
      stdout.write(`advancing ${operationId}\n`)
      return new Promise(() => {})
    },
    timer: async () => {},
  },
  log: silentLogger,
  clock: () => new Date(),
  roles: { dispatch: true, work: true, sweep: false },
  workerId: 'worker-that-hangs',
  config: { queue, concurrency: count, tuning: TUNING },
})
