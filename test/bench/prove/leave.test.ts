import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'

const LEAVE = pathToFileURL(join(import.meta.dirname, '../../../bench/prove/frame/leave.ts')).href
/** More than a pipe holds. */
const LONG = 4_000_000

test('a process that leaves has said its last words, however long they are', async () => {
  const code = `import { leave } from '${LEAVE}'; process.stdout.write('x'.repeat(${LONG}) + 'verdict'); await leave(1)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  for await (const part of child.stdout.setEncoding('utf8')) said += part
  expect(said.length).toBe(LONG + 'verdict'.length)
  expect(said.endsWith('verdict')).toBe(true)
})
