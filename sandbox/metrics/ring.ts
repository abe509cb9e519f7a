/**
 * The last `capacity` values of something sampled on a regular grid. Index i of the grid is time i × the grid's
 * step; a hole reads as NaN. Grows only as far as it is used, since most series live shorter than the retention.
 */
export class Ring {
  readonly #capacity: number
  #values = new Float64Array(16)
  /** Grid index of the newest value; −1 while empty. */
  last = -1
  first = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** Values go in by rising index; an index at or before the newest is ignored. */
  set(index: number, value: number): void {
    if (this.last < 0) this.first = index
    else if (index <= this.last) return
    const from = this.last < 0 ? index : this.last + 1
    this.first = Math.max(this.first, index - this.#capacity + 1)
    const needed = index - this.first + 1
    if (needed > this.#values.length) this.#grow(needed)
    for (let hole = Math.max(from, this.first); hole < index; hole++)
      this.#values[hole % this.#values.length] = Number.NaN
    this.#values[index % this.#values.length] = value
    this.last = index
  }

  /** NaN for a hole and for everything outside what is kept. */
  get(index: number): number {
    if (index < this.first || index > this.last) return Number.NaN
    return this.#values[index % this.#values.length] ?? Number.NaN
  }

  get empty(): boolean {
    return this.last < 0
  }

  #grow(needed: number): void {
    const grown = new Float64Array(Math.min(this.#capacity, Math.max(needed, this.#values.length * 2)))
    for (let index = Math.max(this.first, this.last - this.#values.length + 1); index <= this.last; index++) {
      grown[index % grown.length] = this.#values[index % this.#values.length] ?? Number.NaN
    }
    this.#values = grown
  }
}
