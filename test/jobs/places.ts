import { embeddedPlace, onRedis, type Place, POSTGRES, postgresPlace, REDIS } from '../_harness/places.ts'

export type { Place }

const embedded = () => embeddedPlace()
const onPostgres = () => postgresPlace(8)
/** PostgreSQL for the store where there is one, for that is how Redis is used. */
const redis = async () => onRedis(POSTGRES ? await onPostgres() : await embedded())

/** The suite runs once for each backend and tries in each run only that one; alone, it tries all. */
const ONLY = process.env.QUARTERDECK_TEST_BACKEND?.replace('pglite', 'embedded')

function missingFor(name: string, server: string | undefined, variable: string): string | undefined {
  if (server || (ONLY !== undefined && ONLY !== name)) return undefined
  console.warn(`The engine is NOT tried on ${name}: set ${variable} to the address of a server.`)
  return variable
}

const ALL: readonly { name: string; missing: string | undefined; open: () => Promise<Place> }[] = [
  { name: 'embedded', missing: missingFor('embedded', 'this process', ''), open: embedded },
  { name: 'postgres', missing: missingFor('postgres', POSTGRES, 'QUARTERDECK_TEST_POSTGRES'), open: onPostgres },
  { name: 'redis', missing: missingFor('redis', REDIS, 'QUARTERDECK_TEST_REDIS'), open: redis },
]

/** Where the engine is tried in this run. A place whose server is not named is skipped, aloud. */
export const PLACES = ALL.filter(({ name }) => ONLY === undefined || ONLY === name)
