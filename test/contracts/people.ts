import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import type { SurfaceName } from '../../core/person.ts'

const EXAMPLE = fileURLToPath(new URL('../../quarterdeck.yaml', import.meta.url))

/** The people of the example, each with an account on that surface besides their own. */
export function peopleOn(surface: SurfaceName, idOf: (person: string) => string): Record<string, { name: string }> {
  // The example is checked by test/core/config/config.test.ts.
  const { people } = parse(readFileSync(EXAMPLE, 'utf8')) as {
    people: Record<string, { name: string; accounts: object }>
  }
  return Object.fromEntries(
    Object.entries(people).map(([id, person]) => [
      id,
      { ...person, accounts: { ...person.accounts, [surface]: idOf(id) } },
    ]),
  )
}
