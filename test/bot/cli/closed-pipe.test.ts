import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** Runs it for a reader that leaves before the first word, as `| head` does after its lines. */
async function unread(args: readonly string[], input = '') {
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: 'pipe' })
  let complaint = ''
  child.stderr.on('data', (chunk) => (complaint += chunk))
  child.stdout.destroy()
  child.stdin.end(input)
  const [code] = await once(child, 'exit')
  return { code, complaint }
}

test('a command whose reader has left ends without a word', async () => {
  expect(await unread(['main.ts', 'parse', '--json'], 'status\nhelp\n')).toEqual({ code: 0, complaint: '' })
  expect(await unread(['main.ts', 'slack-manifest', '--url', 'https://q.example.com'])).toEqual({
    code: 0,
    complaint: '',
  })
})

test('so does the list of the provers', async () => {
  expect(await unread(['bench/prove/run.ts', '--list'])).toEqual({ code: 0, complaint: '' })
})
