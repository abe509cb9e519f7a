import { messageOf } from '../../../core/errors.ts'
import type { Health } from '../../../core/ports/health.ts'
import { ServiceError } from './request.ts'

/** How Microsoft's side takes what it is sent, as the last attempt tells: nobody is asked for it. */
export interface ServiceHealth {
  now(): Health
  /** Anything asked of it: what fails because of us or of it as a whole is remembered. */
  watch<Result>(work: Promise<Result>): Promise<Result>
  /** A message or an edit: what is taken says that all is well again. */
  watchCard<Result>(work: Promise<Result>): Promise<Result>
}

export function createServiceHealth(): ServiceHealth {
  let health: Health = { ok: true, says: 'is configured; no card was sent yet' }
  const watch = <Result>(work: Promise<Result>): Promise<Result> =>
    work.catch((error: unknown) => {
      if (isOfAll(error)) health = { ok: false, says: messageOf(error) }
      throw error
    })
  return {
    now: () => health,
    watch,
    watchCard: (work) =>
      watch(work).then((result) => {
        health = { ok: true, says: 'takes cards' }
        return result
      }),
  }
}

/** No answer, an unwell service and a login that is refused are for all conversations; the rest is said of one of them. */
const isOfAll = (error: unknown): boolean =>
  !(error instanceof ServiceError) || error.status === 401 || error.status >= 500 || error.what === LOGIN

/** How sentences call whom the bot's own token is got from. */
export const LOGIN = 'Microsoft’s login'
