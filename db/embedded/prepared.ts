import { Buffer } from 'node:buffer'
import type { PGlite } from '@electric-sql/pglite'

type Answer = Awaited<ReturnType<PGlite['execProtocolStream']>>

/** The engine keeps so many statements prepared; texts past that are parsed and planned each time. */
const MOST = 300
const PARSE = 0x50
const DESCRIBE = 0x44
const BIND = 0x42
const SYNC = 0x53
const STATEMENT = 0x53

interface Prepared {
  readonly name: string
  /** What Describe answered for the statement: its parameters and its columns; of a portal on it, only the columns. */
  described?: Answer
}

/**
 * Keeps our statements prepared under names, so that the engine parses and plans each of them once and not once for a request: in WASM
 * that is most of the cost of a short statement. PGlite's own `query` sends Parse, Describe, Bind, Describe, Execute, Sync for the
 * unnamed statement, each by `execProtocolStream`, under its mutex; here Parse and both Describes of a known statement are answered
 * from memory, and Bind is given the name (protocol: PostgreSQL manual, "Extended Query"). Only statements that name our schema:
 * whatever relies on the search path stays as it is.
 */
export function keepPrepared(pglite: PGlite): void {
  const known = new Map<string, Prepared>()
  const send = pglite.execProtocolStream.bind(pglite)
  let made = 0
  let current: { readonly text: string; readonly statement: Prepared } | undefined

  async function parse(message: Uint8Array, options: Parameters<typeof send>[1]): Promise<Answer> {
    current = undefined
    const text = oursIn(message)
    if (text === undefined) return send(message, options)
    const statement = known.get(text)
    if (statement) {
      current = { text, statement }
      return []
    }
    if (known.size >= MOST) return send(message, options)
    made += 1
    const fresh: Prepared = { name: `quarterdeck_${made}` }
    const answer = await send(withName(message, 5, fresh.name), options)
    known.set(text, fresh)
    current = { text, statement: fresh }
    return answer
  }

  async function describe(message: Uint8Array, statement: Prepared, options: Parameters<typeof send>[1]) {
    if (message[5] !== STATEMENT)
      return statement.described?.filter(({ name }) => name !== 'parameterDescription') ?? []
    statement.described ??= await send(withName(message, 6, statement.name), options)
    return statement.described
  }

  async function answer(message: Uint8Array, options: Parameters<typeof send>[1]): Promise<Answer> {
    if (message[0] === PARSE) return parse(message, options)
    if (!current) return send(message, options)
    if (message[0] === DESCRIBE) return describe(message, current.statement, options)
    // Bind: the portal's name, which is empty, then the statement's.
    if (message[0] === BIND) return send(withName(message, 6, current.statement.name), options)
    if (message[0] === SYNC) current = undefined
    return send(message, options)
  }

  pglite.execProtocolStream = async (message, options) => {
    try {
      return await answer(message, options)
    } catch (error) {
      // The next use prepares it anew, under another name. Every other error is the caller's, and the statement is still good.
      if (current && isStale(error)) known.delete(current.text)
      current = undefined
      throw error
    }
  }
}

/** A migration changed what the statement returns (0A000), or somebody deallocated it (26000). */
function isStale(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '0A000' || error.code === '26000')
}

/** The text of an unnamed Parse of ours without types of its own; undefined for every other. */
function oursIn(message: Uint8Array): string | undefined {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength)
  const end = bytes.indexOf(0, 6)
  if (bytes[5] !== 0 || bytes.readInt16BE(end + 1) !== 0) return undefined
  const text = bytes.toString('utf8', 6, end)
  return text.includes('quarterdeck') && /^\s*(?:select|insert|update|delete|with)\b/i.test(text) ? text : undefined
}

/** The message with a name put where it has an empty one. */
function withName(message: Uint8Array, at: number, name: string): Uint8Array {
  const named = Buffer.concat([message.subarray(0, at), Buffer.from(name), message.subarray(at)])
  named.writeInt32BE(named.length - 1, 1)
  return named
}
