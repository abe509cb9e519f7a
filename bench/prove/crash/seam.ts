import { Buffer } from 'node:buffer'
import { PGlite } from '@electric-sql/pglite'
import { Redis } from 'ioredis'
import pg from 'pg'
import { type Gauge, type Moment, passingOf } from './points.ts'

/**
 * Ends this process by its own hand (SIGKILL: nothing of ours runs after it), or pauses it (SIGSTOP), when a statement or a queue command
 * passes the drivers. It wraps the drivers from outside; of the product nothing is touched.
 */
export function watchDrivers(
  gauge: Gauge,
  hear: (passing: string) => void,
  by: 'SIGKILL' | 'SIGSTOP' = 'SIGKILL',
): void {
  const pass = (passing: string, moment: Moment) => {
    if (moment === 'before') hear(passing)
    if (gauge.endsAt(passing, moment)) process.kill(process.pid, by)
  }
  watchPglite(pass)
  watchPostgres(pass)
  watchRedis(pass)
}

type Pass = (passing: string, moment: Moment) => void

/** PGlite speaks the wire protocol with itself: Execute is "before"; Sync, which commits what stands alone, is "after". */
function watchPglite(pass: Pass): void {
  const { prototype } = PGlite
  const send = prototype.execProtocolStream
  const texts = new Map<string, string>()
  let current = ''
  let values = ''
  prototype.execProtocolStream = async function (message, options) {
    const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength)
    const kind = String.fromCharCode(bytes[0] ?? 0)
    const textAt = (from: number) => bytes.toString('utf8', from, bytes.indexOf(0, from))
    if (kind === 'Q') current = textAt(5)
    if (kind === 'P') {
      const name = textAt(5)
      current = textAt(5 + Buffer.byteLength(name) + 1)
      texts.set(name, current)
    }
    // The portal's name comes first, and is empty.
    if (kind === 'B') {
      current = texts.get(textAt(6)) ?? ''
      values = bytes.toString('utf8')
    }
    const passing = kind === 'Q' || kind === 'E' || kind === 'S' ? passingOf(current, values) : undefined
    if (passing && kind !== 'S') pass(passing, 'before')
    const answer = await send.call(this, message, options)
    if (passing && kind !== 'E') pass(passing, 'after')
    if (kind === 'S' || kind === 'Q') current = ''
    return answer
  }
}

function watchPostgres(pass: Pass): void {
  // The method has many signatures; all that is read here is the text, and promises are what our callers use.
  const prototype = pg.Client.prototype as unknown as { query(...words: unknown[]): unknown }
  const { query } = prototype
  prototype.query = function (...words) {
    const [first] = words
    const text = typeof first === 'string' ? first : textOf(first)
    const passing = text && passingOf(text, JSON.stringify(valuesOf(first) ?? words[1] ?? '').replaceAll('\\"', '"'))
    if (!passing) return query.apply(this, words)
    pass(passing, 'before')
    const heard = words.at(-1)
    // A pool asks its clients by callback.
    if (typeof heard === 'function') {
      const hear = (...answer: unknown[]) => {
        pass(passing, 'after')
        heard(...answer)
      }
      return query.apply(this, [...words.slice(0, -1), hear])
    }
    const answer = query.apply(this, words)
    if (!(answer instanceof Promise)) return answer
    return answer.then((result) => {
      pass(passing, 'after')
      return result
    })
  }
}

function textOf(query: unknown): string | undefined {
  if (typeof query !== 'object' || query === null || !('text' in query)) return undefined
  return typeof query.text === 'string' ? query.text : undefined
}

const valuesOf = (query: unknown): unknown =>
  typeof query === 'object' && query !== null && 'values' in query ? query.values : undefined

/** A script's name is not sent, only its hash. */
function watchRedis(pass: Pass): void {
  const { prototype } = Redis
  const send = prototype.sendCommand
  prototype.sendCommand = function (command, ...rest) {
    const passing = command.name === 'evalsha' ? `queue: script ${String(command.args[0]).slice(0, 8)}` : undefined
    if (!passing) return send.call(this, command, ...rest)
    pass(passing, 'before')
    const answer = send.call(this, command, ...rest)
    void command.promise.then(
      () => pass(passing, 'after'),
      () => undefined,
    )
    return answer
  }
}
