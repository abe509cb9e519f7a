/** Numbers for hashes. Open addressing over two typed arrays: a Map of 32-bit hashes takes five times as much. */
export interface HashNumbers {
  readonly size: number
  /** The number of a hash: from 0 in the order they came. */
  numberOf(hash: number): number
  /** Of hash n, the number `numbers[n]` instead; those with -1 are unknown there. What they were known by here is free afterwards. */
  renumber(numbers: Int32Array): HashTable
}

export interface HashTable {
  readonly hashes: Int32Array<ArrayBuffer>
  /** One more than the number of the hash in the same place; 0 for a free place. */
  readonly numbers: Int32Array<ArrayBuffer>
}

const FIRST_PLACES = 1_024

export function createHashNumbers(): HashNumbers {
  let table = emptyTable(FIRST_PLACES)
  let size = 0
  return {
    get size() {
      return size
    },
    numberOf(hash) {
      const place = placeOf(table, hash)
      const number = table.numbers[place] ?? 0
      if (number !== 0) return number - 1
      table.hashes[place] = hash
      table.numbers[place] = ++size
      if (2 * size > table.numbers.length) table = moved(table, 2 * table.numbers.length, (one) => one)
      return size - 1
    },
    renumber(numbers) {
      const known = numbers.reduce((count, number) => count + (number === -1 ? 0 : 1), 0)
      return moved(table, 2 ** Math.ceil(Math.log2(2 * known + 2)), (number) => (numbers[number - 1] ?? -1) + 1)
    },
  }
}

/** The number of a hash, -1 for one that is not known. */
export const findNumber = (table: HashTable, hash: number): number => (table.numbers[placeOf(table, hash)] ?? 0) - 1

const emptyTable = (places: number): HashTable => ({ hashes: new Int32Array(places), numbers: new Int32Array(places) })

/** Hashes are spread over all their bits, so that the last of them choose the place. `places` is a power of two, half of them free at least. */
function placeOf({ hashes, numbers }: HashTable, hash: number): number {
  const last = numbers.length - 1
  let place = hash & last
  while (numbers[place] !== 0 && hashes[place] !== hash) place = (place + 1) & last
  return place
}

function moved(from: HashTable, places: number, numberOf: (number: number) => number): HashTable {
  const table = emptyTable(places)
  for (let at = 0; at < from.numbers.length; at++) {
    const number = from.numbers[at] ?? 0
    const kept = number === 0 ? 0 : numberOf(number)
    if (kept === 0) continue
    const place = placeOf(table, from.hashes[at] ?? 0)
    table.hashes[place] = from.hashes[at] ?? 0
    table.numbers[place] = kept
  }
  // Free at once, and not when the collector comes by.
  from.hashes.buffer.transfer(0)
  from.numbers.buffer.transfer(0)
  return table
}
