import { UserError } from '../../core/errors.ts'
import type { Logger } from '../../core/ports/logger.ts'
import { openStore, type StoreOptions, type Transaction } from '../store.ts'
import {
  beginReading,
  digestOf,
  raiseCounters,
  readTable,
  requireEmpty,
  tableNames,
  writeRows,
} from '../transfer/tables.ts'

/**
 * `npm run move -- --to URL`: copies the whole embedded store into an empty PostgreSQL database, in one transaction there, and compares
 * every table. The embedded store stays as it is. What waits in the queue needs no copy: the sweeper makes it anew from the store.
 */
export async function move(from: StoreOptions, toUrl: string, log: Logger): Promise<string> {
  if (from.backend !== 'pglite')
    throw new UserError('The store is on PostgreSQL already (store.url): take a backup and restore it to move it.')
  const source = await openStore(from, log, 'nothing')
  try {
    const target = await openStore({ backend: 'postgres', url: toUrl, poolSize: 2 }, log, 'create')
    try {
      const rows = await source.transaction((read) => target.transaction((write) => copy(read, write)))
      return `Moved ${rows} rows of ${tableNames.length} tables. Now set store: { url: env:DATABASE_URL } in quarterdeck.yaml and start.`
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

async function copy(read: Transaction, write: Transaction): Promise<number> {
  await beginReading(read)
  await beginReading(write)
  await requireEmpty(write, 'The database to move to')
  let total = 0
  for (const name of tableNames) {
    const reading = readTable(read, name)
    let page = await reading.next()
    for (; !page.done; page = await reading.next()) await writeRows(write, name, page.value)
    const copied = await digestOf(write, name)
    if (copied.rows !== page.value.rows || copied.sha256 !== page.value.sha256)
      throw new Error(`The copy of the table ${name} differs from the original: nothing was moved.`)
    total += copied.rows
  }
  await raiseCounters(write)
  return total
}
