import { createHmac, randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Request, Response } from 'express'
import { z } from 'zod'
import type { PersonId } from '../../core/ids.ts'
import { SURFACES } from '../../core/person.ts'
import { createSealedCookie } from './signed-cookie.ts'

const session = z.object({
  personId: z.string().transform((id) => id as PersonId), // signed by us: it was a person's id
  surface: z.enum(SURFACES),
  /** How they said who they are. */
  by: z.enum(['switcher', 'login']),
})

/** Who a browser or a terminal speaks as. Says nothing about rights: those are looked up each time. */
type Session = z.output<typeof session>

export interface Sessions {
  /** Undefined when there is none, or when it is old or was tampered with. */
  read(request: Request): Session | undefined
  write(response: Response, session: Session): void
  end(response: Response): void
}

const LIFETIME_MS = 12 * 3_600_000

/** Sessions live in a signed cookie: no look-up in the store on the way of a message. */
export function createSessions(secret: string, clock: () => Date, secure: boolean): Sessions {
  const cookie = createSealedCookie({
    ...{ name: 'quarterdeck_session', secret, clock, secure },
    lastsMs: LIFETIME_MS,
    sameSite: 'strict',
  })
  return {
    read: (request) => session.safeParse(cookie.read(request)).data,
    write: (response, value) => cookie.write(response, value),
    end: (response) => cookie.end(response),
  }
}

/**
 * The signing secret. With a login it is made of the client's secret, which several bots behind one address have in common: a login begun
 * at one of them may end at another. Else it is kept in the data folder, so that a restart logs nobody out. Without either: one for this process.
 */
export async function sessionSecret(dataFolder: string | undefined, clientSecret?: string): Promise<string> {
  if (clientSecret)
    return createHmac('sha256', clientSecret).update('signs the sessions of the page').digest('base64url')
  const fresh = randomBytes(32).toString('base64url')
  if (dataFolder === undefined) return fresh
  const file = join(dataFolder, 'session-secret')
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  try {
    await writeFile(file, fresh, { mode: 0o600, flag: 'wx' })
    return fresh
  } catch (error) {
    const kept = (await readFile(file, 'utf8').catch(() => '')).trim()
    if (kept.length >= 32) return kept
    throw new Error(`The session secret ${file} can be neither written nor read: delete the file and start again.`, {
      cause: error,
    })
  }
}
