import type { Item } from './clauses.ts'
import type { Extracting } from './extract.ts'
import type { Parameter } from './parameters.ts'

/** Words that join names into a list, and those that may stand between the names of one. */
const JOINING =
  /^(?:and|&|\+|plus|also|as|well|too|both|in|on|to|of|for|from|the|our|my|n|then|services?|apps?|env|envs|environments?|,)$/
const ARRIVING = /^(?:to|into|onto|->|towards)$/

/** Takes the services or environments of a sentence: one, or a list joined by "and". Names joined by anything else are asked about. */
export function takeNames(work: Extracting, parameter: Parameter, parameters: readonly Parameter[]): void {
  const kind = parameter.kind as 'service' | 'environment' // takeSlots switched on it
  const rivals = parameters.filter((other) => other.kind === kind)
  const items = rivals.length > 1 ? ofRival(work, parameter, rivals) : placesOf(work, kind, parameters)
  if (items.length === 0) return
  const several = items.find((item) => item.slot?.several)?.slot
  const names = [...new Set(items.map((item) => String(item.slot?.value)))]
  for (const item of items) work.used.add(item)
  const first = names[0] ?? ''
  if (several?.several) {
    const options = several.several
    const says = `"${several.said}" may be ${options.join(' or ')}.`
    work.said[parameter.name] = { value: several.said, unclear: { says, options } }
  } else if (names.length > 1 && !isList(work, items)) {
    const says = `${names.join(' or ')}: which ${kind}?`
    work.said[parameter.name] = { value: names, unclear: { says, options: names } }
  } else work.said[parameter.name] = { value: names.length === 1 ? first : names }
}

// `deploy checkout from qa to prod`: what runs in qa is the version, and prod the place.
function placesOf(
  work: Extracting,
  kind: 'service' | 'environment',
  parameters: readonly Parameter[],
): readonly Item[] {
  const items = work.unusedSlots(kind)
  if (kind !== 'environment' || items.length < 2) return items
  const source = items.filter((item) => work.previous(item) === 'from')
  const version = parameters.find((other) => other.kind === 'version')
  const [from] = source
  if (!version || !from?.slot || source.length > 1 || work.unusedSlots('version').length > 0) return items
  work.used.add(from)
  work.said[version.name] = { value: `@${from.slot.value}` }
  return items.filter((item) => item !== from)
}

// `promote cart from staging to prod`, `what runs in staging to prod`, `staging -> prod`: of two of a kind, the words in front say which.
function ofRival(work: Extracting, parameter: Parameter, rivals: readonly Parameter[]): readonly Item[] {
  const { kind, name } = parameter
  const items = work.items.filter((item) => item.slot?.kind === kind)
  const leaving = items.filter((item) => work.previous(item) === 'from' || isSource(work, item))
  const arriving = items.filter((item) => ARRIVING.test(work.previous(item)) && !leaving.includes(item))
  const open = items.filter((item) => !leaving.includes(item) && !arriving.includes(item))
  const [first, last] = rivals.map((rival) => rival.name)
  const wanted =
    name === 'to' ? arriving : name === 'from' ? leaving : items.filter((item) => work.previous(item) === name)
  if (wanted.length > 0) return withList(work, wanted, open).filter((item) => !work.used.has(item))
  // One place is named by its word; the other one is what is left. Two bare ones are said in order.
  const others = name === 'to' ? leaving : arriving
  if (others.length > 0 && open.length === 1) return open
  if (others.length === 0 && items.length === 2)
    return items.filter((_, index) => (index === 0) === (name === first && name !== last))
  return []
}

// `take what runs in staging`, `what is on qa`
function isSource(work: Extracting, item: Item): boolean {
  const at = work.items.indexOf(item)
  const before = work.items
    .slice(Math.max(0, at - 5), at)
    .map(({ text }) => text)
    .join(' ')
  return /(?:what|whatever|what's|version|build|release|same)(?: \S+){0,3} (?:in|on|at)(?: the)?$/.test(before)
}

// `to qa and preprod`: the second name has no marker of its own.
function withList(work: Extracting, wanted: readonly Item[], open: readonly Item[]): readonly Item[] {
  const last = wanted.at(-1)
  const next = open.find(
    (item) =>
      last && isList(work, [last, item]) && between(work, last, item).some(({ text }) => /^(?:and|&|\+)$/.test(text)),
  )
  return next ? [...wanted, next] : wanted
}

const between = (work: Extracting, left: Item, right: Item): readonly Item[] =>
  work.items.slice(work.items.indexOf(left) + 1, work.items.indexOf(right))

/** True when only words that join stand between the names, and at least one does: `a, b and c`. */
function isList(work: Extracting, items: readonly Item[]): boolean {
  return items.slice(1).every((item, index) => {
    const left = items[index]
    if (!left?.slot || left.slot.value === item.slot?.value) return true
    const gap = between(work, left, item)
    const pause = work.words[left.slot.to - 1]?.after ?? ''
    // `cart in qa and seats in preprod` pairs names up, which is no list; `cart to 5 and seats` is one.
    if (gap.some(({ slot }) => slot?.kind === 'environment' || slot?.kind === 'service')) return false
    if (gap.some(({ slot }) => slot)) return gap.at(-1)?.text === 'and'
    return (
      gap.every((one) => one.slot || JOINING.test(one.text)) &&
      (gap.some(({ text }) => /^(?:and|&|\+|plus|as|n)$/.test(text)) || pause.includes(','))
    )
  })
}

const EVERYTHING = /^(?:all|everything|overall|everywhere|total|company|altogether|anything)$/

/** Takes what a budget or a bill is about: a team, a service, an environment, or all. */
export function takeScope(work: Extracting, parameter: Parameter): void {
  const items = work.items.filter(
    (item) => /^(?:service|environment|team)$/.test(item.slot?.kind ?? '') && !work.used.has(item),
  )
  for (const item of items) work.used.add(item)
  const several = items.find((item) => item.slot?.several)?.slot?.several
  const names = several ?? [...new Set(items.map((item) => String(item.slot?.value)))]
  const [name] = names
  if (name !== undefined && names.length === 1) {
    work.said[parameter.name] = { value: name }
    return
  }
  if (name !== undefined) {
    const says = `Costs are of one service, environment or team at a time. Which one: ${names.join(', ')}?`
    work.said[parameter.name] = { value: [...names], unclear: { says, options: names } }
    return
  }
  const all = work.items.find((item) => !item.slot && EVERYTHING.test(item.text))
  if (!all) return
  work.used.add(all)
  work.said[parameter.name] = { value: 'all' }
}
