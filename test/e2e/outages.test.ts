import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kubectlPath } from '../_harness/kubectl.ts'
import { startTestProgram, type TestProgram } from '../_harness/program.ts'
import { wordsOf } from '../_harness/web-person.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Starts main.ts as a second program would be; resolves with its exit code and all it said. */
async function startBeside(env: Record<string, string>): Promise<{ code: number; said: string }> {
  const child = spawn(join(ROOT, 'node_modules/.bin/node'), ['main.ts'], {
    cwd: ROOT,
    env: { ...process.env, QUARTERDECK_LISTEN: '127.0.0.1:0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 40_000,
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text))
  const [code] = await once(child, 'close')
  return { code, said: said.trim() }
}

describe.skipIf(!kubectlPath())('when something is down or wrong', () => {
  let q: TestProgram
  beforeAll(async () => {
    // The data folder is locked where the store lives in it.
    q = await startTestProgram({ backend: 'pglite' })
  })
  afterAll(() => q?.close())

  test('a second process on the same data folder is refused, naming the pid', async () => {
    const { code, said } = await startBeside({ QUARTERDECK_DATA: q.dataFolder })
    expect(code).toBe(1)
    expect(said.split('\n')).toHaveLength(1)
    expect(said).toContain(`in use by process ${process.pid}`)
    expect(said).toContain('QUARTERDECK_DATA')
    expect((await (await q.as('mira')).says('whoami')).card.kind).toBe('answer')
  })

  test('a broken quarterdeck.yaml is one sentence: key, file, line, fix', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-broken-'))
    const file = join(folder, 'quarterdeck.yaml')
    try {
      const example = readFileSync(join(ROOT, 'quarterdeck.yaml'), 'utf8')
      const broken = example.replace('mode: review', 'mode: reviewed')
      writeFileSync(file, broken)
      const line = broken.split('\n').findIndex((text) => text.startsWith('mode: reviewed')) + 1
      const { code, said } = await startBeside({ QUARTERDECK_CONFIG: file, QUARTERDECK_DATA: folder })
      expect(code).toBe(1)
      expect(said.split('\n')).toHaveLength(1)
      expect(said).toBe(
        `quarterdeck.yaml, line ${line}: mode is "reviewed"; write read-only, suggest, review or autonomous.`,
      )
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test('a cluster that is down is said in chat, loses nothing, and works again after', async () => {
    const mira = await q.as('mira')
    const jonas = await q.as('jonas', mira.thread)
    const plan = await mira.says('deploy checkout 1.4.2 to staging')
    await q.lever('api-fault', { errorRate: 1, errorStatus: 503 })
    const refused = await mira.says('scale cart to 3 in dev')
    expect(refused.card.title).toMatch(/does not answer/)
    expect(wordsOf(refused)).toMatch(/sandbox.*Nothing was changed/)
    const click = await jonas.clicks(plan, 'Approve')
    expect(click).toMatchObject({ ok: false, says: expect.stringMatching(/not counted; try again/) })
    await q.lever('reset')
    await q.lever('speed', { speed: 20 })
    // The circuit breaker tries the cluster again by itself.
    await expect
      .poll(async () => (await jonas.clicks(plan, 'Approve')).ok, { timeout: 40_000, interval: 500 })
      .toBe(true)
    expect((await mira.seesTheEnd(plan.operationId)).card.tone).toBe('good')
    const image = ['get', 'deploy', 'checkout', '-o', 'jsonpath={.spec.template.spec.containers[0].image}']
    expect(await q.kubectl('-n', 'shop-staging', ...image)).toContain('checkout:1.4.2@sha256:')
  })
})

const isRoot = process.platform === 'linux' && process.getuid?.() === 0
if (!isRoot) console.warn('A small disk can be mounted by root only: the test of a full disk is SKIPPED.')

test.skipIf(!isRoot)('a full disk loses no accepted request, and is answered once there is room', async () => {
  const disk = mkdtempSync(join(tmpdir(), 'quarterdeck-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=320m', 'tmpfs', disk])
  try {
    const q = await startTestProgram({ backend: 'pglite', config: { dataFolder: join(disk, 'data') } })
    try {
      const mira = await q.as('mira')
      const plan = await mira.says('deploy checkout 1.4.2 to staging')
      const filler = join(disk, 'filler')
      const { bavail, bsize } = statfsSync(disk)
      writeFileSync(filler, Buffer.alloc(bavail * bsize - 32 * 1024 * 1024))
      const key = 'said-while-full'
      expect((await mira.request(`threads/${mira.thread}/messages`, { text: 'whoami', key })).status).toBe(202)
      const jonas = await q.as('jonas', mira.thread)
      const click = await jonas.clicks(plan, 'Approve')
      expect(click.ok).toBe(false)
      expect(click.says).toMatch(/disk.*full|full.*disk/i)
      rmSync(filler)
      expect((await mira.sees(({ card }) => card.title === 'Mira Vogel', 'the answer')).card.kind).toBe('answer')
    } finally {
      await q.close()
    }
  } finally {
    execFileSync('umount', ['-l', disk])
    rmSync(disk, { recursive: true, force: true })
  }
})
