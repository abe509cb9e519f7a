import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import type { Sabotage } from '../../../bench/prove/prover.ts'
import { mutate, sabotaged } from '../../../bench/prove/sabotage.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const FAULT: Sabotage = {
  name: 'coarse',
  breaks: 'figures keep two digits',
  file: 'bench/report.ts',
  find: 'Math.round(value * 100) / 100',
  replace: 'Math.round(value * 10) / 10',
}

/** What a process says that loads the file, and what one says that it starts. */
async function loadedIn(environment: Record<string, string>): Promise<string[]> {
  const here = `import { rounded } from './bench/report.ts'; console.log(rounded(1.239));`
  const below = `import { execFileSync } from 'node:child_process'; process.stdout.write(execFileSync(process.execPath, ['--input-type=module', '-e', ${JSON.stringify(here)}]));`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', here + below], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
  })
  return stdout.trim().split('\n')
}

test('a fault is in the code that is loaded, in the processes below too, and nowhere else', async () => {
  expect(await loadedIn({})).toEqual(['1.24', '1.24'])
  expect(await loadedIn(sabotaged(FAULT))).toEqual(['1.2', '1.2'])
})

test('a fault whose place is not there exactly once is refused', async () => {
  expect(() => sabotaged({ ...FAULT, find: 'Math.floor(value)' })).toThrow(/"coarse".*bench\/report\.ts.*0 times/)
  expect(() => sabotaged({ ...FAULT, find: 'return' })).toThrow(/not once/)
  expect(() => mutate('a b a', { ...FAULT, find: 'a' })).toThrow(/2 times, not once/)
  expect(mutate('a b', { ...FAULT, find: 'a', replace: '$&$&' })).toBe('$&$& b')
  const stale = sabotaged(FAULT)
  // The file changed between the look and the load.
  const variable = Object.entries(stale).map(([key, value]) => [key, value.replaceAll('* 100', '* 1000')])
  await expect(loadedIn(Object.fromEntries(variable))).rejects.toThrow(/finds it 0 times/)
})

test('a run with a fault writes no snapshots by the clock, which would take most of its time', async () => {
  const ask = `
    import { housekeeping } from './jobs/housekeeping.ts'
    let written = 0
    const store = { house: { snapshot: async () => { written += 1 } } }
    const { schedules } = housekeeping(store, 'unused')
    for (const { name, run } of schedules) if (name === 'snapshot') await run()
    console.log(written)`
  const written = async (environment: Record<string, string>) => {
    const env = { ...process.env, ...environment }
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', ask], { cwd: ROOT, env })
    return Number((await run).stdout)
  }
  expect(await Promise.all([written({}), written(sabotaged(FAULT))])).toEqual([1, 0])
})
