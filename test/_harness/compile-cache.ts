import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Where Node keeps what it made of the sources (NODE_COMPILE_CACHE), by their content: a program started anew reads them once more but does
 * not strip and compile them once more, which is a third of a start. The suite starts about sixty.
 */
export const COMPILE_CACHE = `${ROOT}node_modules/.cache/quarterdeck-tests`

/** What the programs of the tests are made of; what one imports late besides is only not kept. */
const PROGRAMS = [
  'main.ts',
  'bot/start.ts',
  'http/server.ts',
  'web/build.ts',
  'db/postgres/open.ts',
  'sandbox/server.ts',
]

/** Fills it before the run, which vitest calls: a program that is killed keeps nothing. */
export async function setup(): Promise<void> {
  const imports = PROGRAMS.map((file) => `await import(${JSON.stringify(`${ROOT}${file}`)})`).join('\n')
  await promisify(execFile)(`${ROOT}node_modules/.bin/node`, ['--input-type=module', '--eval', imports], {
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE },
  })
}
