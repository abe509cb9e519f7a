import type { App } from '@slack/bolt'
import type { Logger } from '../../../core/ports/logger.ts'

/** Answers Slack's request; only the first call counts. */
export type Acknowledge = (answer?: object) => void

/** Takes one body from Slack, however it came: acknowledges it at once, and only then lets anybody look at it. */
export type HandOn = (body: Readonly<Record<string, unknown>>, acknowledge: Acknowledge) => void

/** Slack waits three seconds for the options of a menu; an empty list is better than an error. */
const OPTIONS_WITHIN_MS = 2_000

export function createHandOn(options: {
  readonly app: Pick<App, 'processEvent'>
  /** What the acknowledgement of a body itself says. */
  readonly answerTo: (body: Readonly<Record<string, unknown>>) => object | undefined
  readonly log: Logger
}): HandOn {
  const { app, answerTo, log } = options
  return (body, acknowledge) => {
    // The options of a menu are the one answer that is its acknowledgement; they come from memory.
    const waits = body.type === 'block_suggestion'
    const late = waits ? setTimeout(() => acknowledge({ options: [] }), OPTIONS_WITHIN_MS) : undefined
    if (!waits) acknowledge(answerTo(body))
    const ack = async (answer?: unknown) => {
      if (!waits) return
      clearTimeout(late)
      acknowledge(typeof answer === 'object' && answer !== null ? answer : undefined)
    }
    setImmediate(() => {
      app
        .processEvent({ body, ack })
        .catch((error: unknown) => log.error({ err: error }, 'an event could not be handled'))
    })
  }
}
