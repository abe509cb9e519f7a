import { defineConfig } from 'vitest/config'

const shared = { testTimeout: 60_000, hookTimeout: 120_000 }
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
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...shared,
          name: 'embedded',
          include: ['test/**/*.test.ts'],
          env: { QUARTERDECK_TEST_BACKEND: 'pglite' },
          globalSetup: 'test/_harness/prepared-store.ts',
        },
      },
      {
        test: {
          ...shared,
          name: 'postgres',
          include: ON_SERVICES,
          exclude: EMBEDDED_ONLY,
          env: { QUARTERDECK_TEST_BACKEND: 'postgres' },
        },
      },
      {
        test: {
          ...shared,
          name: 'redis',
          include: ['test/{jobs,e2e}/**/*.test.ts'],
          exclude: EMBEDDED_ONLY,
          env: { QUARTERDECK_TEST_BACKEND: 'redis' },
        },
      },
    ],
  },
})
