import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const LOGGER = fileURLToPath(new URL('../../core/logger.ts', import.meta.url))

test('a log line holds the words and the place of an error, under either of its names', () => {
  const script = `import { createLogger } from ${JSON.stringify(LOGGER)};
    createLogger('info').error({ bug: 'b1', error: new Error('inner'), err: new Error('outer') }, 'a bug')`
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  const line: unknown = JSON.parse(stderr)
  expect(line).toMatchObject({
    bug: 'b1',
    error: { message: 'inner', stack: expect.stringContaining('inner') },
    err: { message: 'outer' },
  })
})
