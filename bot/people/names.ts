import type { Person } from '../../core/person.ts'

const MOST_NAMED = 10

/**
 * Whom a typed text may mean, among active persons: the id, the whole name, the first name, the e-mail address or an account's id, in
 * any case, with or without `@`. An id beats names, a whole name beats first names.
 */
export function createNameIndex(people: readonly Person[]): (text: string) => readonly Person[] {
  const ranks: readonly Map<string, Person[]>[] = [new Map(), new Map(), new Map()]
  const add = (rank: number, text: string | undefined, person: Person) => {
    const key = keyOf(text ?? '')
    const known = ranks[rank]?.get(key) ?? []
    if (key && !known.includes(person)) ranks[rank]?.set(key, [...known, person])
  }
  for (const person of people) {
    if (!person.active) continue
    add(0, person.id, person)
    add(0, person.email, person)
    add(1, person.name, person)
    for (const account of person.accounts) add(1, account.id, person)
    add(2, person.name.split(/\s+/)[0], person)
  }
  return (text) => {
    const key = keyOf(text)
    for (const rank of ranks) {
      const found = rank.get(key)
      if (found) return found.slice(0, MOST_NAMED)
    }
    return []
  }
}

function keyOf(text: string): string {
  // Accents are left off on many keyboards.
  return text
    .trim()
    .replace(/^<?@/, '')
    .replace(/(?:\|[^<>|]*)?>$/, '')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
}
