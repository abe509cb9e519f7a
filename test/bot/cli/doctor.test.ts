import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { doctor } from '../../../bot/cli/doctor.ts'
import { loadConfig } from '../../../core/config.ts'
import { lockFolder } from '../../../db/embedded/lock.ts'
import { startFakeHttp } from '../../clients/fake-http.ts'

test('a program that runs and does not answer is found sick, in a sentence', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'quarterdeck-doctor-'))
  const server = await startFakeHttp((_, response) => response.destroy())
  const lock = await lockFolder(dataFolder)
  onTestFinished(async () => {
    lock.release()
    await server.close()
    rmSync(dataFolder, { recursive: true, force: true })
  })
  lock.announce(server.url)
  const said: string[] = []
  const start = () => Promise.reject(new Error('a second program was started'))
  const config = { ...loadConfig(), store: { kind: 'embedded' as const }, dataFolder }
  expect(await doctor(config, start, (line) => said.push(line))).toBe(1)
  expect(said.join('\n')).toContain(`FAIL  answer   does not tell how it is`)
  expect(said.join('\n')).toContain(`end process ${process.pid} and start it again`)
})
