import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { reachSandbox } from '../../clients/sandbox/reach.ts'
import { startSandbox } from '../../sandbox/server.ts'
import { kubectl, kubectlPath } from '../_harness/kubectl.ts'

const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-reach-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.skipIf(!kubectlPath())('a sandbox that runs by itself is reached, and its kubeconfig serves kubectl', async () => {
  const sandbox = await startSandbox({ withPast: false })
  try {
    const reached = await reachSandbox(`${sandbox.url}/`, folder)
    expect(reached.url).toBe(sandbox.url)
    expect(await kubectl(reached.kubeconfig, ['-n', 'shop-staging', 'get', 'deploy', 'checkout'])).toContain('checkout')
  } finally {
    await sandbox.close()
  }
})

test('a cluster that is no sandbox, and an address where nothing answers, are refused', async () => {
  const real = createServer((_request, response) => response.end(JSON.stringify({ gitCommit: '1a2b3c' })))
  await new Promise<void>((resolve) => real.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(real.address() as AddressInfo).port}` // a TCP server has one
  await expect(reachSandbox(url, folder)).rejects.toThrow(/is no sandbox. Name a real cluster by its kubeconfig/)
  await new Promise((resolve) => real.close(resolve))
  await expect(reachSandbox(url, folder)).rejects.toThrow(/No sandbox answers at/)
})
