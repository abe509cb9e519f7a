import { readFileSync } from 'node:fs'
import { createRequire, registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import type { Mutation, Sabotage } from './prover.ts'

/**
 * Puts a prover's fault into our own code while it is loaded, so that the product needs no seam for it. Preloaded (`--import`) with the fault
 * in the environment, it holds for the process and all it starts.
 */
const ROOT = join(import.meta.dirname, '../..')
const VARIABLE = 'QUARTERDECK_PROVE_SABOTAGE'

/**
 * The program writes its whole embedded store into a snapshot when it starts and when it ends, which takes most of a second of a core each time.
 * No fault of ours shows there (`embedded` has its snapshots written by itself), so runs with a fault go without.
 */
const WITHOUT_SNAPSHOTS: Mutation = {
  file: 'jobs/housekeeping.ts',
  find: 'const snapshot = async () => void (await store.house?.snapshot())',
  replace: 'const snapshot = async () => {}',
}

const Mutated = z.object({ file: z.string(), find: z.string().min(1), replace: z.string() })
const Fault = z.object({ name: z.string(), mutations: z.array(Mutated).min(1) })

/** The file's text with the fault in it. Throws unless there is exactly one place for it. */
export function mutate(source: string, { name, file, find, replace }: Mutation & Pick<Sabotage, 'name'>): string {
  const found = source.split(find).length - 1
  if (found !== 1)
    throw new Error(
      `The sabotage "${name}" looks for ${JSON.stringify(find)} in ${file} and finds it ${found} times, not once. The code has changed: mend the sabotage.`,
    )
  // A function, because "$&" in a replacement string would mean something.
  return source.replace(find, () => replace)
}

/** The environment in which node runs with the fault. Throws when the fault has no one place. */
export function sabotaged({ name, file, find, replace, also }: Sabotage): Record<string, string> {
  const mutations = [{ file, find, replace }, ...(also ? [also] : []), WITHOUT_SNAPSHOTS]
  for (const mutation of mutations) mutate(readFileSync(join(ROOT, mutation.file), 'utf8'), { name, ...mutation })
  const fault: z.infer<typeof Fault> = { name, mutations }
  const preload = `--import=${pathToFileURL(import.meta.filename).href}`
  return {
    [VARIABLE]: JSON.stringify(fault),
    NODE_OPTIONS: [process.env.NODE_OPTIONS, preload].filter(Boolean).join(' '),
  }
}

/** The name of the fault that is in this process. */
export const sabotageHere = (): string | undefined => chosen?.name

const chosen = process.env[VARIABLE] ? Fault.parse(JSON.parse(process.env[VARIABLE])) : undefined
if (chosen) {
  // Node 24.9 cannot link CommonJS packages that require one another in a circle through a load hook; express' do, so they are loaded before it.
  createRequire(import.meta.url)('express')
  const { name, mutations } = chosen
  const places = mutations.map((mutation) => ({ mutation, url: pathToFileURL(join(ROOT, mutation.file)).href }))
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context)
      // A reload asks for the same file with a query behind it.
      const here = places.filter((place) => place.url === url.split('?')[0])
      if (here.length === 0) return loaded
      if (!loaded.source) throw new Error(`The sabotage "${name}" needs the source of ${url}.`)
      const source = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source)
      return { ...loaded, source: here.reduce((text, { mutation }) => mutate(text, { name, ...mutation }), source) }
    },
  })
}
