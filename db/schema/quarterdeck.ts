import { pgSchema } from 'drizzle-orm/pg-core'

/** Every table is named with its schema, because PGlite's one session belongs to others too and its search path is theirs. */
export const quarterdeck = pgSchema('quarterdeck')
