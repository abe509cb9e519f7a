import { execFile } from 'node:child_process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const PRELOAD = `--import=${pathToFileURL(`${ROOT}bench/prove/frame/quick-start.ts`).href}`

/** What a process says of the packages that ours import by name and of what is in them; asked twice, from two modules. */
async function loaded(words: readonly string[]): Promise<unknown> {
  const ask = `
    const { TABLES } = await import('./db/schema/tables.ts')
    const all = ['drizzle-orm', 'drizzle-orm/pg-core', 'drizzle-orm/node-postgres', 'zod']
    const says = []
    for (const name of all) says.push([import.meta.resolve(name), Object.keys(await import(name)).sort()])
    const { is, Table } = await import('drizzle-orm')
    console.log(JSON.stringify([says, TABLES.every((table) => is(table, Table)), TABLES.length]))`
  const { stdout } = await promisify(execFile)(process.execPath, [...words, '--input-type=module', '-e', ask], {
    cwd: ROOT,
  })
  return JSON.parse(stdout)
}

test('what a prover starts loads the same, from the same places', async () => {
  const [quick, plain] = await Promise.all([loaded([PRELOAD]), loaded([])])
  expect(quick).toEqual(plain)
  expect(JSON.stringify(quick)).toContain('/node_modules/drizzle-orm/index.js')
})
