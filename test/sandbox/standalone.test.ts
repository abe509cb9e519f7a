import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

/** The sandbox as a process of its own, as the main program runs it. */

const SERVER = fileURLToPath(new URL('../../sandbox/server.ts', import.meta.url))
const NODE = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url))
let folder: string
const running = new Set<ChildProcess>()

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'standalone-'))
})
afterEach(async () => {
  for (const child of running) {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  running.clear()
  rmSync(folder, { recursive: true, force: true })
})

async function start(...flags: string[]): Promise<{ child: ChildProcess; url: string }> {
  const args = ['--port', '0', '--kubeconfig', join(folder, 'kubeconfig'), ...flags]
  const child = fork(SERVER, args, { execPath: NODE, execArgv: [], silent: true })
  running.add(child)
  let complaint = ''
  child.stderr?.on('data', (text) => {
    complaint += text
  })
  const ready = once(child, 'message').then(([message]) => message as { url: string }) // server.ts sends this
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(complaint)))
  ended.catch(() => {}) // it ends some time; only the first outcome counts
  const { url } = await Promise.race([ready, ended])
  return { child, url }
}

/** Polls the snapshot until it holds the text; the server writes it every few seconds. */
async function untilWritten(path: string, text: string): Promise<void> {
  const deadline = Date.now() + 30_000
  while (!readFileSync(path, 'utf8').includes(text)) {
    if (Date.now() > deadline) throw new Error(`${path} did not get ${text} within 30 s`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

describe('the sandbox as a program', () => {
  it('tells its parent where it is, keeps the cluster over kill -9, and writes it down once more on SIGTERM', async () => {
    const dataFile = join(folder, 'cluster.json')
    const first = await start('--data-file', dataFile)
    const maps = '/api/v1/namespaces/default/configmaps'
    const create = (url: string, name: string) =>
      fetch(url + maps, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ metadata: { name } }),
      })
    expect((await create(first.url, 'before-the-crash')).status).toBe(201)
    await untilWritten(dataFile, 'before-the-crash')
    first.child.kill('SIGKILL')
    await once(first.child, 'exit')

    const second = await start('--data-file', dataFile)
    expect((await fetch(`${second.url}${maps}/before-the-crash`)).status).toBe(200)
    expect((await create(second.url, 'before-the-end')).status).toBe(201)
    second.child.kill('SIGTERM')
    const [code] = await once(second.child, 'exit')
    expect(code).toBe(0)
    expect(readFileSync(dataFile, 'utf8')).toContain('before-the-end')
    expect(readFileSync(join(folder, 'kubeconfig'), 'utf8')).toContain(second.url)
  })

  it('says in a sentence what is wrong with its flags or its port', async () => {
    await expect(start('--speed', 'fast')).rejects.toThrow('--speed needs a number, not "fast".')
    const { url } = await start()
    const taken = new URL(url).port
    await expect(start('--port', taken)).rejects.toThrow(/cannot listen on 127\.0\.0\.1:\d+: .*Choose another port/)
  })
})
