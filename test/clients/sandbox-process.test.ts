import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startSandboxProcess } from '../../clients/sandbox/process.ts'
import { silentLogger } from '../../core/ports/logger.ts'
import { startFakeHttp } from './fake-http.ts'

test('a sandbox that cannot start says why, and leaves nothing that holds the program up', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-sandbox-'))
  const taken = await startFakeHttp(() => undefined)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(async () => {
    vi.useRealTimers()
    await taken.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const port = Number(new URL(taken.url).port)
  const started = startSandboxProcess({ folder, seed: 1, speed: 1, port, log: silentLogger })
  await expect(started).rejects.toThrow(`The sandbox did not start: The sandbox cannot listen on 127.0.0.1:${port}`)
  expect(vi.getTimerCount()).toBe(0)
})
