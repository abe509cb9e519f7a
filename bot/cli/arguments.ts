import { parseArgs } from 'node:util'
import { UserError } from '../../core/errors.ts'
import { durationMs } from '../../core/parameters.ts'

export interface ChatArguments {
  readonly url: string | undefined
  readonly person: string | undefined
  readonly thread: string | undefined
  /** Say this one thing, print what comes of it, and end with an exit code. */
  readonly once: string | undefined
  /** With `once`: go on waiting while a plan waits for somebody. */
  readonly wait: boolean
  readonly timeoutMs: number
  readonly help: boolean
}

export const USAGE = `npm run chat -- [options]      talk to the running Quarterdeck from this terminal

  --person NAME     who you are (while the sandbox runs on this computer)
  --thread KEY      go on in this conversation
  --url ADDRESS     where Quarterdeck listens; default: the one that runs on this data folder
  --once "TEXT"     say one thing, print what comes of it, and end:
                      0  answered, or done
                      1  refused, failed, or ended otherwise
                      2  waits for somebody: an answer, an approval, a confirmation
                      3  Quarterdeck could not be reached
                      4  nothing final within --timeout
    --wait          with --once: wait for approvals too, until the end
    --timeout 10m   with --once: how long; default 10m
`

/** Reads the options of `npm run chat`. Throws UserError with the usage when they make no sense. */
export function chatArguments(argv: readonly string[]): ChatArguments {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const options = { url: text, person: text, thread: text, once: text, timeout: text, wait: flag, help: flag }
  let values: { [Name in keyof typeof options]?: (typeof options)[Name]['type'] extends 'string' ? string : boolean }
  try {
    values = parseArgs({ args: [...argv], options, strict: true }).values
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`)
  }
  const timeoutMs = durationMs(values.timeout ?? '10m')
  if (timeoutMs === undefined) throw new UserError(`--timeout ${values.timeout} is no duration: write 90s, 10m or 1h.`)
  if (values.url !== undefined && !/^https?:\/\//.test(values.url))
    throw new UserError(`--url ${values.url} is no address: write it like http://127.0.0.1:8321.`)
  const { url, person, thread, once, wait = false, help = false } = values
  if (thread !== undefined && !/^(web|cli)-[0-9a-z]{8,40}$/.test(thread))
    throw new UserError(`--thread ${thread} is no conversation key; they look like cli-3f9k2m7q8x1z5v0b.`)
  return { url, person, thread, once, wait, timeoutMs, help }
}
