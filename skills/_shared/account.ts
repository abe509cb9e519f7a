import { z } from 'zod'
import { UserError } from '../../core/errors.ts'
import { type Account, SURFACES } from '../../core/person.ts'

const SaidAccount = z.object({ surface: z.enum(SURFACES), id: z.string().min(1) })

/** `slack:U012AB3CD` as an account. Throws UserError for what is none. */
export function parseAccount(said: string): Account {
  const [surface = '', ...rest] = said.split(':')
  const parsed = SaidAccount.safeParse({ surface: surface.toLowerCase(), id: rest.join(':') })
  if (parsed.success) return parsed.data
  throw new UserError(
    `"${said}" is not an account. Write the surface and the id, like slack:U012AB3CD (surfaces: ${SURFACES.join(', ')}).`,
  )
}

export const sayAccount = ({ surface, id }: Account): string => `${surface}:${id}`
