import type { RequestHandler } from 'express'
import { randomCode } from '../core/ids.ts'

/** Gives every request an id, said back in `X-Request-Id`: what a person quotes and the log knows. */
export function requestId(): RequestHandler {
  return (_request, response, next) => {
    const id = randomCode(10)
    response.locals.requestId = id
    response.setHeader('X-Request-Id', id)
    next()
  }
}
