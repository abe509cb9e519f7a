import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { UserError } from '../../../core/errors.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import { backup } from '../../../db/commands/backup.ts'
import { move } from '../../../db/commands/move.ts'
import { restore } from '../../../db/commands/restore.ts'
import { openStore, type Store, type StoreOptions } from '../../../db/store.ts'
import { emptyDatabase } from '../../places.ts'
import { layOutEmpty } from '../frame/prepared.ts'
import type { Random } from '../frame/random.ts'
import type { Breach } from '../prover.ts'
import { type Content, contentOf, differences, staleCounters } from './content.ts'
import { furnish } from './furnish.ts'

const back = (what: string): Breach => ({ promise: 'a backup restored is equal to what was backed up', what })
const moved = (what: string): Breach => ({ promise: 'a move to PostgreSQL keeps every row', what })

const embedded = (folder: string): StoreOptions => ({ backend: 'pglite', folder })

async function look<T>(options: StoreOptions, at: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(options, silentLogger)
  return at(store).finally(() => store.close())
}

async function furnished(folder: string, rowsEach: number, random: Random): Promise<Content> {
  await layOutEmpty(folder)
  return look(embedded(folder), async (store) => {
    await furnish(store, rowsEach, random)
    return contentOf(store)
  })
}

async function compare(options: StoreOptions, was: Content, breach: (what: string) => Breach): Promise<Breach[]> {
  return look(options, async (store) => [
    ...differences(await contentOf(store), was).map(breach),
    ...(await staleCounters(store)).map((counter) => breach(`the next ${counter} is one that is taken`)),
  ])
}

/** A copy that does not come to its end kept nothing, whatever it says about it. */
async function orBreach(copy: Promise<unknown>, breach: (what: string) => Breach): Promise<Breach[]> {
  return copy.then(
    () => [],
    (error: unknown) => [breach(String(error))],
  )
}

/** How much is copied, and how many broken backups are tried. */
export interface Trip {
  readonly rowsEach: number
  readonly damages: number
}

/** Out into a file and back into another folder; then files that were cut or changed, which must be refused and leave nothing. */
export async function backUpAndRestore(folder: string, { damages, rowsEach }: Trip, random: Random) {
  const [one, two, file] = [join(folder, 'one'), join(folder, 'two'), join(folder, 'b.backup.gz')]
  const was = await furnished(one, rowsEach, random)
  const failed = await orBreach(
    backup(embedded(one), silentLogger, file).then(() => restore(embedded(two), silentLogger, { file })),
    back,
  )
  const breaches = failed.length > 0 ? failed : await compare(embedded(two), was, back)
  const whole = await readFile(file)
  const target = embedded(join(folder, 'three'))
  await layOutEmpty(join(folder, 'three'))
  const empty = await look(target, contentOf)
  for (let index = 0; index < damages; index++) {
    const { what, bytes } = damaged(whole, random, DAMAGES[index % DAMAGES.length] ?? 'cut')
    const bad = join(folder, `bad-${index}.backup.gz`)
    await writeFile(bad, bytes)
    const told = await restore(target, silentLogger, { file: bad }).catch((error: unknown) => error)
    if (!(told instanceof UserError)) breaches.push(back(`a backup ${what} was not refused in a sentence: ${told}`))
  }
  const left = differences(await look(target, contentOf), empty)
  if (left.length > 0) breaches.push(back(`what was refused left something in ${left.length} tables: ${left[0]}`))
  return { breaches, rows: rowsOf(was) }
}

/** From the embedded store into PostgreSQL, and from there by a backup into an embedded one again. */
export async function moveAndBack(folder: string, { rowsEach }: Trip, random: Random) {
  const [one, back1, file] = [join(folder, 'one'), join(folder, 'back'), join(folder, 'moved.backup.gz')]
  const was = await furnished(one, rowsEach, random)
  const { url, drop } = await emptyDatabase()
  const server: StoreOptions = { backend: 'postgres', url, poolSize: 3 }
  try {
    const failed = await orBreach(move(embedded(one), url, silentLogger), moved)
    const breaches = failed.length > 0 ? failed : await compare(server, was, moved)
    breaches.push(...(await compare(embedded(one), was, (what) => moved(`the original was touched: ${what}`))))
    if (breaches.length > 0) return { breaches, rows: rowsOf(was) }
    await backup(server, silentLogger, file)
    await restore(embedded(back1), silentLogger, { file })
    return { breaches: await compare(embedded(back1), was, back), rows: rowsOf(was) }
  } finally {
    await drop()
  }
}

const DAMAGES = ['cut', 'flipped', 'line lost', 'end lost'] as const

function damaged(whole: Buffer, random: Random, how: (typeof DAMAGES)[number]): { what: string; bytes: Buffer } {
  const at = 20 + random.below(whole.length - 40)
  if (how === 'cut') return { what: `cut off at byte ${at} of ${whole.length}`, bytes: whole.subarray(0, at) }
  if (how === 'flipped') {
    const bytes = Buffer.from(whole)
    bytes[at] = (bytes[at] ?? 0) ^ 0x10
    return { what: `with a bit flipped in byte ${at} of ${whole.length}`, bytes }
  }
  const lines = gunzipSync(whole).toString().trimEnd().split('\n')
  const rows = lines.flatMap((line, index) => (/^\{"(table|end|quarterdeckBackup)":/.test(line) ? [] : [index]))
  const lost = how === 'line lost' ? random.pick(rows) : lines.length - 1
  const bytes = gzipSync(`${lines.toSpliced(lost, 1).join('\n')}\n`)
  return { what: `without line ${lost + 1} of ${lines.length}`, bytes }
}

const rowsOf = (content: Content) => [...content.values()].reduce((sum, says) => sum + Number.parseInt(says, 10), 0)
