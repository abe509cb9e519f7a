/** A value said by `length` words from where it was looked for. */
export interface Found<Value> {
  readonly value: Value
  readonly length: number
}

/** The value that all of a text says; undefined when it says more, less or something else. */
export function whole<Value>(
  text: string,
  at: (words: readonly string[], from: number) => Found<Value> | undefined,
): Value | undefined {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const found = at(words, 0)
  return found && found.length === words.length ? found.value : undefined
}
