import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { readSnapshot } from '../../sandbox/snapshot.ts'

const SNAPSHOT = new URL('../../sandbox/snapshot.ts', import.meta.url).href
const NODE = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url))

it('keeps the last whole snapshot when there is no room for the next one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'snapshot-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'cluster.json')
  // A process that may write no more than 8 KiB into a file, as on a disk that is nearly full: the first part is written, then no more.
  const write = (version: number, size: number) => {
    const store = `{ dump: () => ({ version: ${version}, objects: { x: 'y'.repeat(${size}) } }) }`
    const program = `import(${JSON.stringify(SNAPSHOT)}).then((it) => it.writeSnapshot(${JSON.stringify(path)}, ${store}, 1))`
    execFileSync('bash', ['-c', 'ulimit -f 8; exec "$0" -e "$1"', NODE, program], { stdio: 'pipe' })
  }
  write(1, 100)
  expect(() => write(2, 20_000)).toThrow(/file too large/)
  expect(readSnapshot(path)?.store.version).toBe(1)
})
