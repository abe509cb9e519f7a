import { createHash } from 'node:crypto'
import pg from 'pg'

/** A connection keeps so many statements prepared; texts past that are planned each time, as before. */
const MOST = 300

/**
 * A connection that prepares our statements under the hash of their text, so that the server parses and plans each of them once for a
 * connection and not once for a request. Statements that do not name our schema pass as they are.
 */
export class NamingClient extends pg.Client {
  readonly #names = new Map<string, string>()

  // `pg.Client.query` is overloaded five ways; whatever is not a statement with values goes through untouched.
  override query(...given: unknown[]): never {
    const [config, values] = given
    const named = Array.isArray(values) && isStatement(config) ? { ...config, name: this.#nameOf(config.text) } : config
    const run = super.query as (...given: unknown[]) => never // as above
    return run.call(this, named, ...given.slice(1))
  }

  #nameOf(text: string): string | undefined {
    const known = this.#names.get(text)
    if (known || this.#names.size >= MOST || !text.includes('quarterdeck')) return known
    const name = `quarterdeck_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`
    this.#names.set(text, name)
    return name
  }
}

function isStatement(config: unknown): config is { readonly text: string } {
  return typeof config === 'object' && config !== null && 'text' in config && typeof config.text === 'string'
}
