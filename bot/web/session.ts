import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Request, Response } from 'express'
import type { PersonId } from '../../core/ids.ts'
import { SURFACES, type SurfaceName } from '../../core/person.ts'

/** Who a browser or a terminal speaks as. Says nothing about rights: those are looked up each time. */
interface Session {
  readonly personId: PersonId
  readonly surface: SurfaceName
}

export interface Sessions {
  /** Undefined when there is none, or when it is old or was tampered with. */
  read(request: Request): Session | undefined
  write(response: Response, session: Session): void
}

const COOKIE = 'quarterdeck_session'
const LIFETIME_MS = 12 * 3_600_000

/** Sessions live in a signed cookie: no look-up in the store on the way of a message. */
export function createSessions(secret: string, clock: () => Date): Sessions {
  const sign = (text: string) => createHmac('sha256', secret).update(text).digest('base64url')
  return {
    read(request) {
      const cookie = cookieOf(request.headers.cookie)
      const [body, signature] = cookie?.split('.') ?? []
      if (!body || !signature || !equal(signature, sign(body))) return undefined
      return parse(body, clock().getTime())
    },
    write(response, { personId, surface }) {
      const until = clock().getTime() + LIFETIME_MS
      const body = Buffer.from(JSON.stringify([personId, surface, until])).toString('base64url')
      response.cookie(COOKIE, `${body}.${sign(body)}`, {
        httpOnly: true,
        sameSite: 'strict',
        path: '/',
        maxAge: LIFETIME_MS,
      })
    },
  }
}

function parse(body: string, now: number): Session | undefined {
  // Signed by us: the shape is ours. Only its age is in question.
  const [personId, surface, until] = JSON.parse(Buffer.from(body, 'base64url').toString()) as [PersonId, string, number]
  const known = SURFACES.find((name) => name === surface)
  return known && until > now ? { personId, surface: known } : undefined
}

function cookieOf(header: string | undefined): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const [name, value] = part.trim().split('=', 2)
    if (name === COOKIE) return value
  }
  return undefined
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/** The signing secret, kept in the data folder so that a restart logs nobody out. Without a folder: one for this process. */
export async function sessionSecret(dataFolder: string | undefined): Promise<string> {
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
