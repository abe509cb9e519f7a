import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test, vi } from 'vitest'
import type { RequestId } from '../../core/ids.ts'
import { type Logger, silentLogger } from '../../core/ports/logger.ts'
import { loggedDeeds } from '../../core/ports/telemetry.ts'

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

describe('the fields of a line', () => {
  test('name requests, operations and deliveries by one name each, so that one search finds a whole way', () => {
    const folders = ['bot', 'clients', 'db', 'http', 'jobs', 'operations']
    const files = folders.flatMap((folder) => globSync(`${folder}/**/*.ts`))
    const odd = files.flatMap((file) => {
      const calls = readFileSync(file, 'utf8').matchAll(/\blog\.(?:debug|info|warn|error)\(\s*\{([^}]*)\}/g)
      return [...calls].flatMap(([, fields = '']) =>
        /\b(?:operation|request|delivery)\s*[:,]/.test(fields) ? [`${file}: ${fields}`] : [],
      )
    })
    expect(files.length).toBeGreaterThan(100)
    expect(odd).toEqual([])
  })

  test('are those of a deed, when everything is logged', () => {
    const debug = vi.fn<Logger['debug']>()
    const requestId = 'rq-7f3k9m2q0000' as RequestId
    const at = new Date()
    const telemetry = loggedDeeds({ ...silentLogger, debug })
    telemetry.tell({ what: 'received', requestId, surface: 'web', httpRequestId: 'h7f3k9m2q0', at })
    expect(debug.mock.calls).toEqual([[{ requestId, surface: 'web', httpRequestId: 'h7f3k9m2q0', at }, 'received']])
  })
})
