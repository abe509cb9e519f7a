import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  embeddedPlace,
  emptyDatabase,
  onRedis,
  type Place,
  POSTGRES,
  postgresPlace,
  REDIS,
} from '../test/_harness/places.ts'

export { emptyDatabase, type Place }

/** The kinds of store and queue that a real program has, empty. */
export const PLACES: readonly { name: string; missing: string | undefined; open: () => Promise<Place> }[] = [
  { name: 'embedded', missing: undefined, open: embedded },
  {
    name: 'postgres',
    missing: POSTGRES ? undefined : 'QUARTERDECK_TEST_POSTGRES is not set',
    open: () => postgresPlace(),
  },
  {
    name: 'redis',
    missing: POSTGRES && REDIS ? undefined : 'QUARTERDECK_TEST_POSTGRES and QUARTERDECK_TEST_REDIS are not both set',
    open: async () => onRedis(await postgresPlace()),
  },
]

/** In a folder, as it is when it is used. */
async function embedded(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-bench-'))
  const place = await embeddedPlace(folder)
  return {
    ...place,
    async close() {
      await place.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** So many at once, each lane one after the other. Resolves with the seconds it took. */
export async function inLanes(lanes: number, count: number, work: (index: number) => Promise<void>): Promise<number> {
  let next = 0
  const started = performance.now()
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (next < count) {
        const index = next
        next += 1
        await work(index)
      }
    }),
  )
  return (performance.now() - started) / 1000
}
