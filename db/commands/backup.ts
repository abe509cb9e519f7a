import { resolve } from 'node:path'
import type { Logger } from '../../core/ports/logger.ts'
import { readMigrations } from '../migrate.ts'
import { openStore, type StoreOptions, type Transaction } from '../store.ts'
import { type Digests, endLine, headerLine, tableLine, writeBackup } from '../transfer/backup-file.ts'
import { beginReading, readTable, tableNames } from '../transfer/tables.ts'

/**
 * `npm run backup -- [FILE]`: the whole store, as it is at one moment, in one file that either database can be restored from. While an
 * embedded server runs on the data folder it is refused, naming the server. Returns what to tell.
 */
export async function backup(options: StoreOptions, log: Logger, file?: string, now = new Date()): Promise<string> {
  const path = resolve(file ?? `quarterdeck-${now.toISOString().replaceAll(/[-:]|\.\d+/g, '')}.backup.gz`)
  const store = await openStore(options, log, 'nothing')
  try {
    const schema = (await readMigrations()).at(-1)?.name ?? ''
    let rows = 0
    await store.transaction(async (tx) => {
      await beginReading(tx)
      const digests: Digests = {}
      await writeBackup(path, lines(tx, { quarterdeckBackup: 1, at: now.toISOString(), schema }, digests))
      rows = Object.values(digests).reduce((sum, digest) => sum + digest.rows, 0)
    })
    return `Backed up ${rows} rows of ${tableNames.length} tables to ${path}.`
  } finally {
    await store.close()
  }
}

async function* lines(
  tx: Transaction,
  header: Parameters<typeof headerLine>[0],
  digests: Digests,
): AsyncGenerator<string> {
  yield headerLine(header)
  for (const name of tableNames) {
    yield tableLine(name)
    const reading = readTable(tx, name)
    for (;;) {
      const page = await reading.next()
      if (page.done) {
        digests[name] = page.value
        break
      }
      yield* page.value
    }
  }
  yield endLine(digests)
}
