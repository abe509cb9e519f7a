import { UserError } from '../../core/errors.ts'
import type { ReadContext } from '../../core/skill.ts'
import { findEnvironment, findService } from './targets.ts'

interface Said {
  readonly service?: string
  readonly environment?: string
}

/** `checkout in production`, `checkout`, `production`, `everything`. */
export function sayWish({ service, environment }: Said): string {
  if (service && environment) return `${service} in ${environment}`
  return service ?? environment ?? 'everything'
}

/** The channel in which this is said, and what it is about. Throws UserError where there is no channel, or no such place. */
export async function wishIn(ctx: ReadContext, said: Said) {
  const service = said.service === undefined ? undefined : findService(ctx.catalog, said.service).name
  const environment = said.environment === undefined ? undefined : findEnvironment(ctx.catalog, said.environment).name
  const place = await ctx.channel()
  if (!place)
    throw new UserError(
      'Say it in the Slack or Teams channel that is to hear of changes: here, nothing is told but what is asked.',
    )
  return { ...place, service, environment }
}
