import { argv, stdout } from 'node:process'
import { silentLogger } from '../../../core/ports/logger.ts'
import { writeMeta } from '../../../db/meta.ts'
import { openStore } from '../../../db/store.ts'

/** A program that stores as fast as it can and says what it was told is stored, until somebody kills it. */
const [, , folder = '', start = '0'] = argv
const store = await openStore({ backend: 'pglite', folder }, silentLogger)
store.house?.announce('http://127.0.0.1:8321')
for (let number = Number(start); ; number++) {
  await store.transaction((tx) => writeMeta(tx, `row-${number}`, 'x'.repeat(500)))
  stdout.write(`${number}\n`)
}
