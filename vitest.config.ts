import { defineConfig } from 'vitest/config'
import './bench/prove/frame/quick-start.ts'
import './test/_harness/plain-engine.ts'
import { COMPILE_CACHE } from './test/_harness/compile-cache.ts'
import { SOON_MS } from './test/_harness/soon-ms.ts'

/** No test is about time: these only end what hangs, also on a machine that does much else. What is waited for is looked for often. */
const shared = { testTimeout: 120_000, hookTimeout: 180_000, expect: { poll: { timeout: SOON_MS, interval: 20 } } }
/** Imported above for what is made before the run, here handed to the tests and to what they start. */
const PRELOADED = ['bench/prove/frame/quick-start.ts', 'test/_harness/plain-engine.ts']
  .map((file) => `--import=${new URL(file, import.meta.url).href}`)
  .join(' ')
const env = (backend: string) => ({
  QUARTERDECK_TEST_BACKEND: backend,
  NODE_COMPILE_CACHE: COMPILE_CACHE,
  NODE_OPTIONS: PRELOADED,
})
const WARM = 'test/_harness/compile-cache.ts'
/** What stands on the store or the queue: tried again on PostgreSQL, and on PostgreSQL with Redis. */
const ON_SERVICES = ['test/{db,jobs,operations,e2e}/**/*.test.ts', 'test/bot/{deliver,web,conversation}/**/*.test.ts']
/** What stands on the embedded store whatever is under test: the first project tried it. */
const EMBEDDED_ONLY = ['test/db/embedded/**/*.test.ts', 'test/jobs/pglite-pool.test.ts', 'test/e2e/outages.test.ts']

/**
 * `embedded` is `npm test`: everything, with no service. `postgres` and `redis` (`npm run test:services`) run what stands on the store or the
 * queue once more; they need QUARTERDECK_TEST_POSTGRES and QUARTERDECK_TEST_REDIS.
 */
export default defineConfig({
  test: {
    // One more than CI has cores: many files wait for processes of their own, or for a time.
    maxWorkers: 3,
    projects: [
      {
        test: {
          ...shared,
          name: 'embedded',
          include: ['test/**/*.test.ts'],
          env: env('pglite'),
          globalSetup: [WARM, 'test/_harness/prepared-store.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'postgres',
          include: ON_SERVICES,
          exclude: EMBEDDED_ONLY,
          globalSetup: WARM,
          env: env('postgres'),
        },
      },
      {
        test: {
          ...shared,
          name: 'redis',
          include: ['test/{jobs,e2e}/**/*.test.ts'],
          exclude: EMBEDDED_ONLY,
          globalSetup: WARM,
          env: env('redis'),
        },
      },
    ],
  },
})
