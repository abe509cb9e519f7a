/** The rows of a group by their place in it, as `n` says; undefined where a group's item has none. */
export function placed<Row extends { readonly n: number }>(length: number, rows: readonly Row[]): (Row | undefined)[] {
  const places = new Map(rows.map((row) => [row.n, row]))
  return Array.from({ length }, (_, n) => places.get(n))
}
