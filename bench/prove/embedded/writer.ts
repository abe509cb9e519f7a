import { argv, stdin, stdout } from 'node:process'
import { createInterface } from 'node:readline'
import { sql } from 'drizzle-orm'
import { embeddedPlace } from '../../../test/_harness/places.ts'
import { openHouse } from '../../house.ts'

/**
 * An embedded program that takes requests and works on them as fast as it can, until somebody kills it: `writer.ts FOLDER NAME`. It says on
 * stdout what is stored. `snapshot` on stdin makes it write one, `close` makes it end in good order.
 */
const LANES = 8

const tell = (what: object) => void stdout.write(`${JSON.stringify(what)}\n`)

const [, , folder = '', name = ''] = argv
const place = await embeddedPlace(folder).catch((error: unknown) => {
  tell({ refused: String(error) })
  process.exit(1)
})
const { store } = place
const { rows } = await store.db.execute<{ operations: number }>(
  sql`select count(*)::int as operations from quarterdeck.operations`,
)
tell({ opened: true, restoredFrom: store.house?.restoredFrom ?? null, operations: rows[0]?.operations ?? 0 })

const house = await openHouse(place, 4, name)
let closing = false
const lanes = Array.from({ length: LANES }, async () => {
  while (!closing) tell({ accepted: await house.propose('nothing') })
})
for await (const line of createInterface({ input: stdin })) {
  if (line === 'snapshot') void store.house?.snapshot().then(() => tell({ snapshot: true }))
  if (line === 'close') break
}
closing = true
await Promise.all(lanes)
await house.close()
await place.close()
