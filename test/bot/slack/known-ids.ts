/** The emulator makes ids of its own; a program that goes on with what it knew before is shown those that it knows. */
export class KnownIds {
  readonly #made = new Map<string, string>()
  readonly #known = new Map<string, string>()

  learn(known: string, made: string): void {
    this.#made.set(known, made)
    this.#known.set(made, known)
  }

  /** What is asked of the emulator, as it understands it. */
  asked(text: string): string {
    return renamed(text, this.#made)
  }

  /** What it answers, as the program understands it. */
  answered(text: string): string {
    return renamed(text, this.#known)
  }
}

function renamed(text: string, names: ReadonlyMap<string, string>): string {
  if (names.size === 0) return text
  // By name, not by form: an encoded comma before an id looks like the beginning of one.
  const all = [...names.keys()].map((name) => name.replace('.', '\\.')).join('|')
  return text.replace(new RegExp(all, 'g'), (name) => names.get(name) ?? name)
}
