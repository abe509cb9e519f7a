import type { SurfaceName } from '../core/person.ts'
import type { Database } from './database.ts'
import { groupCommit } from './group-commit.ts'
import { type OpenThread, type SaidRequest, type Saying, storeSayings } from './sayings.ts'

/** A conversation's place on its surface. */
export interface Place {
  readonly surface: SurfaceName
  readonly surfaceKey: string
}

/** What is said there, with whatever else its reader found out. */
export type Reading = { readonly saying: Omit<Saying, keyof Place> }

/**
 * Stores what `read` makes of the thread as it is (undefined: it is new), together with what others say at the moment. It is read as this
 * process saw it last, and read again when the store has it otherwise, so that no look at the store is needed before.
 */
export type Say = <R extends Reading>(
  place: Place,
  read: (thread: OpenThread | undefined) => Promise<R>,
) => Promise<R & { readonly thread: OpenThread; readonly request: SaidRequest }>

const REMEMBERED = 1_000
const TRIES = 10

export function sayIn(db: Database): Say {
  const seen = new Map<string, OpenThread>()
  const write = groupCommit((sayings: Parameters<typeof storeSayings>[1]) => storeSayings(db, sayings))
  return async (place, read) => {
    const key = `${place.surface} ${place.surfaceKey}`
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const assumed = seen.get(key)
      const reading = await read(assumed)
      const { thread, request } = await write({ saying: { ...reading.saying, ...place }, assumed })
      if (seen.size >= REMEMBERED) seen.clear()
      seen.set(key, thread)
      if (request) return { ...reading, thread, request }
    }
    throw new Error(`The thread ${key} changed while something was said in it, ${TRIES} times.`)
  }
}
