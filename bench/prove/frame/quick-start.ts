import { type ResolveFnOutput, registerHooks } from 'node:module'
import { env } from 'node:process'
import { pathToFileURL } from 'node:url'

/**
 * Preloaded into a prover and all it starts: hundreds of processes, of whose start it takes away a third. Node reads the `exports` of a package
 * anew for each of its modules that is asked for (24.9 and 24.21), and drizzle-orm has two hundred modules and 170 KB of `exports`. What is
 * loaded stays the same.
 */
const PACKAGE = 'drizzle-orm'
const PACKAGES = '/node_modules/'

const named = new Map<string, ResolveFnOutput>()
registerHooks({
  resolve(specifier, context, next) {
    const { parentURL = '' } = context
    if (specifier.startsWith('./') || specifier.startsWith('../'))
      return parentURL.includes(`${PACKAGES}${PACKAGE}/`) && specifier.endsWith('.js')
        ? { url: new URL(specifier, parentURL).href, format: 'module', shortCircuit: true }
        : next(specifier, context)
    // Our own modules all mean the same package by its name.
    if (!specifier.startsWith(PACKAGE) || parentURL.includes(PACKAGES)) return next(specifier, context)
    const found = named.get(specifier) ?? { ...next(specifier, context), shortCircuit: true }
    named.set(specifier, found)
    return found
  },
})

const PRELOAD = `--import=${pathToFileURL(import.meta.filename).href}`

/** Whatever this process starts is quick, too. */
export function startQuickly(): void {
  if (env.NODE_OPTIONS?.includes(PRELOAD)) return
  env.NODE_OPTIONS = [env.NODE_OPTIONS, PRELOAD].filter(Boolean).join(' ')
}
