import { readFileSync } from 'node:fs'
import { createRequire, registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import type { Sabotage } from './prover.ts'

/**
 * Puts a prover's fault into our own code while it is loaded, so that the product needs no seam for it. Preloaded (`--import`) with the fault
 * in the environment, it holds for the process and all it starts.
 */
const ROOT = join(import.meta.dirname, '../..')
const VARIABLE = 'QUARTERDECK_PROVE_SABOTAGE'

const Mutation = z.object({ name: z.string(), file: z.string(), find: z.string().min(1), replace: z.string() })
type Mutation = z.infer<typeof Mutation>

/** The file's text with the fault in it. Throws unless there is exactly one place for it. */
export function mutate(source: string, { name, file, find, replace }: Mutation): string {
  const found = source.split(find).length - 1
  if (found !== 1)
    throw new Error(
      `The sabotage "${name}" looks for ${JSON.stringify(find)} in ${file} and finds it ${found} times, not once. The code has changed: mend the sabotage.`,
    )
  // A function, because "$&" in a replacement string would mean something.
  return source.replace(find, () => replace)
}

/** The environment in which node runs with the fault. Throws when the fault has no one place. */
export function sabotaged({ name, file, find, replace }: Sabotage): Record<string, string> {
  const mutation: Mutation = { name, file, find, replace }
  mutate(readFileSync(join(ROOT, file), 'utf8'), mutation)
  const preload = `--import=${pathToFileURL(import.meta.filename).href}`
  return {
    [VARIABLE]: JSON.stringify(mutation),
    NODE_OPTIONS: [process.env.NODE_OPTIONS, preload].filter(Boolean).join(' '),
  }
}

/** The name of the fault that is in this process. */
export const sabotageHere = (): string | undefined => chosen?.name

const chosen = process.env[VARIABLE] ? Mutation.parse(JSON.parse(process.env[VARIABLE])) : undefined
if (chosen) {
  // Node 24.9 cannot link CommonJS packages that require one another in a circle through a load hook; express' do, so they are loaded before it.
  createRequire(import.meta.url)('express')
  const place = pathToFileURL(join(ROOT, chosen.file)).href
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context)
      // A reload asks for the same file with a query behind it.
      if (url.split('?')[0] !== place) return loaded
      if (!loaded.source) throw new Error(`The sabotage "${chosen.name}" needs the source of ${chosen.file}.`)
      const source = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source)
      return { ...loaded, source: mutate(source, chosen) }
    },
  })
}
