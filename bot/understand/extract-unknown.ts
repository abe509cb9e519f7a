import type { Item } from './clauses.ts'
import { resolveEntity } from './entities.ts'
import type { Extracting } from './extract.ts'
import type { Parameter } from './parameters.ts'
import { CONDITIONAL, NEGATING, NOISE, REPORTING, SPEECH } from './stop-words.ts'

/** True for a word that may be somebody's or something's name. */
export const isName = (item: Item | undefined): boolean =>
  item !== undefined &&
  !item.slot &&
  /^[\p{L}\p{N}][\p{L}\p{N}._-]{1,99}$/u.test(item.text) &&
  ![NOISE, CONDITIONAL, NEGATING, REPORTING, SPEECH].some((words) => words.has(item.text))

const PLACE = /^(?:to|in|on|into|onto|at)$/

/** Takes a word that nothing explains where a name is wanted: near a known name it is a slip, else a name we do not know. */
export function takeUnknownName(
  work: Extracting,
  parameter: Parameter,
  parameters: readonly Parameter[],
  open: readonly Item[],
): 'near' | 'strange' | undefined {
  const { kind } = parameter
  if (kind !== 'service' && kind !== 'environment' && kind !== 'person' && kind !== 'scope') return undefined
  const candidates = open.filter(isName)
  const take = (item: Item) => {
    work.used.add(item)
    work.said[parameter.name] = { value: work.words[item.word]?.text ?? item.text }
  }
  if (candidates.length > MOST_CANDIDATES) return undefined
  if (kind === 'scope') {
    const meant = candidates.flatMap((item) => bentName(work, item) ?? [])[0]
    if (!meant) return undefined
    work.used.add(meant.item)
    work.said[parameter.name] = { value: meant.name }
    return 'near'
  }
  if (kind !== 'person') {
    const near = candidates.find((item) => !('unknown' in resolveEntity(work.known.catalog, kind, item.text, false)))
    if (near) {
      take(near)
      return 'near'
    }
  }
  const unknown =
    kind === 'person'
      ? unknownPerson(parameter, candidates)
      : unknownPlace(work, parameter, kind, parameters, candidates)
  if (!unknown) return undefined
  take(unknown)
  return 'strange'
}

// A bill may be of a service or an environment: a slip in either is read.
function bentName(work: Extracting, item: Item): { readonly item: Item; readonly name: string } | undefined {
  for (const kind of ['service', 'environment'] as const) {
    const resolved = resolveEntity(work.known.catalog, kind, item.text, true)
    if ('name' in resolved) return { item, name: resolved.name }
  }
  return undefined
}

const MOST_CANDIDATES = 4

const unknownPerson = (parameter: Parameter, candidates: readonly Item[]): Item | undefined =>
  candidates.length === 1 && !parameter.optional ? candidates[0] : undefined

// Behind "to" or "in" stands an environment; what is left over is the service.
function unknownPlace(
  work: Extracting,
  parameter: Parameter,
  kind: 'service' | 'environment',
  parameters: readonly Parameter[],
  candidates: readonly Item[],
): Item | undefined {
  const otherKind = kind === 'service' ? 'environment' : 'service'
  const rest = candidates.filter((item) => 'unknown' in resolveEntity(work.known.catalog, otherKind, item.text, false))
  const place = rest.find((item) => PLACE.test(work.previous(item)))
  if (kind === 'environment') return place
  const otherOpen = parameters.some((other) => other.kind === otherKind && !work.said[other.name])
  const thing = rest.find((item) => item !== place || !otherOpen)
  if (!thing || rest.length > 2) return undefined
  const asked = /^(?:of|for|is|are|status|logs|history)$/.test(work.previous(thing))
  return !parameter.optional || asked ? thing : undefined
}

/**
 * `in lve-eu and live-us`: a slip beside a name that was found is a second one. Read where it can be no other, else asked about: half of
 * what was said must not pass for all of it.
 */
export function addNearNames(work: Extracting, parameter: Parameter, open: readonly Item[]): void {
  const { kind, name } = parameter
  const said = work.said[name]
  if ((kind !== 'service' && kind !== 'environment') || !said || said.unclear) return
  const near = open.filter(
    (item) => isName(item) && !('unknown' in resolveEntity(work.known.catalog, kind, item.text, true)),
  )
  const [first] = near
  if (!first || near.length > 1) return
  const resolved = resolveEntity(work.known.catalog, kind, first.text, true)
  const before = [said.value].flat().map(String)
  const typed = work.words[first.word]?.text ?? first.text
  if ('name' in resolved && before.includes(resolved.name)) return
  const next = work.items[work.items.indexOf(first) + 1]?.text ?? ''
  const last = work.items[work.items.indexOf(first) - 1]?.text ?? ''
  const joined = [next, last].some((text) => /^(?:and|&|\+)$/.test(text))
  if ('name' in resolved && joined) {
    work.used.add(first)
    const leads = work.items.findIndex((item) => item.slot?.kind === kind) > work.items.indexOf(first)
    work.said[name] = { value: leads ? [resolved.name, ...before] : [...before, resolved.name] }
    return
  }
  if (!joined) return
  work.used.add(first)
  const options = [...before, typed]
  work.said[name] = { value: options, unclear: { says: `What is "${typed}"?`, options: before } }
}
