import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Request, Response } from 'express'

export interface SealedCookie {
  /** What was written, when it is ours and not too old; else undefined. */
  read(request: Request): unknown
  write(response: Response, value: unknown): void
  end(response: Response): void
}

/** A cookie that holds its value itself, signed: whoever holds it can read it and cannot change it. Scripts cannot see it. */
export function createSealedCookie(options: {
  readonly name: string
  readonly secret: string
  readonly lastsMs: number
  readonly sameSite: 'strict' | 'lax'
  /** Only over https. */
  readonly secure: boolean
  readonly clock: () => Date
}): SealedCookie {
  const { name, secret, lastsMs, sameSite, secure, clock } = options
  // The name is signed too: one cookie's value is worth nothing as another's.
  const sign = (body: string) => createHmac('sha256', secret).update(`${name} ${body}`).digest('base64url')
  const attributes = { httpOnly: true, sameSite, secure, path: '/' } as const
  return {
    read(request) {
      const [body, signature] = cookieOf(name, request.headers.cookie)?.split('.') ?? []
      if (!body || !signature || !equal(signature, sign(body))) return undefined
      // Signed by us: the shape is ours. Only its age is in question.
      const [value, until] = JSON.parse(Buffer.from(body, 'base64url').toString()) as [unknown, number]
      return until > clock().getTime() ? value : undefined
    },
    write(response, value) {
      const body = Buffer.from(JSON.stringify([value, clock().getTime() + lastsMs])).toString('base64url')
      response.cookie(name, `${body}.${sign(body)}`, { ...attributes, maxAge: lastsMs })
    },
    end: (response) => void response.clearCookie(name, attributes),
  }
}

function cookieOf(wanted: string, header: string | undefined): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const [name, value] = part.trim().split('=', 2)
    if (name === wanted) return value
  }
  return undefined
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
