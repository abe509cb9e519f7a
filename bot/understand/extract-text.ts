import type { Item } from './clauses.ts'
import type { Extracting } from './extract.ts'
import type { Parameter } from './parameters.ts'
import { NOISE } from './stop-words.ts'
import { choiceAt } from './values/choices.ts'

// Which words announce a text, by the parameter's name; the name itself always does.
const MARKERS: Readonly<Record<string, readonly string[]>> = {
  contains: [
    'contains',
    'containing',
    'contain',
    'mentioning',
    'mention',
    'matching',
    'saying',
    'about',
    'with',
    'for',
    'including',
    'grep',
  ],
}

/** Takes choices, texts and accounts: what is said by words of its own, a marker or quotes. */
export function extractText(work: Extracting, parameter: Parameter): void {
  if (parameter.kind === 'choice') takeChoice(work, parameter)
  else if (parameter.kind === 'account') takeAccount(work, parameter)
  else if (parameter.kind === 'text') takeText(work, parameter)
}

function takeText(work: Extracting, parameter: Parameter): void {
  if (parameter.name === 'reason') {
    if (work.reason) work.said.reason = { value: work.reason }
    return
  }
  if (parameter.name === 'topic') {
    takeTopic(work)
    return
  }
  if (parameter.name === 'name') {
    takeRunbook(work)
    return
  }
  // `find "503"`: in quotes a number is a text.
  const [quoted] = [
    ...work.unusedSlots('quoted'),
    ...work.items.filter((item) => item.slot && !work.used.has(item) && work.words[item.word]?.quoted),
  ]
  if (quoted?.slot) {
    work.used.add(quoted)
    work.said[parameter.name] = { value: quoted.slot.said }
    return
  }
  if (work.message && /^(?:title|message)$/.test(parameter.name)) {
    work.said[parameter.name] = { value: work.message }
    return
  }
  // `any 502 in the logs`: a status of HTTP is what to look for.
  const status = work.unusedSlots('number').find((item) => /^[45]\d\ds?$/.test(item.slot?.said ?? ''))
  if (parameter.name === 'contains' && status?.slot) {
    work.used.add(status)
    work.said[parameter.name] = { value: status.slot.said }
    return
  }
  const markers = [parameter.name, ...(MARKERS[parameter.name] ?? [])]
  const at = work.items.findIndex((item, index) => markers.includes(item.text) && isPlain(work.items[index + 1]))
  const item = at >= 0 ? work.items[at + 1] : undefined
  const marker = work.items[at]
  if (!item || !marker) return
  work.used.add(item).add(marker)
  work.said[parameter.name] = { value: work.words[item.word]?.text ?? item.text }
}

const isPlain = (item: Item | undefined): boolean =>
  item !== undefined && !item.slot && !/^(?:the|a|an|me|my|us|logs?|errors? (?:in|of|from))$/.test(item.text)

// Of several, a rank ("sev 2", "P1") says more than a word ("high"); two of the same weight are asked about.
function takeChoice(work: Extracting, parameter: Parameter): void {
  const lowers = work.words.map((word) => word.lower)
  const found: { readonly value: string; readonly items: readonly Item[]; readonly ranked: boolean }[] = []
  for (const item of work.items) {
    // "a week" is a length of time by itself, and how often in a budget.
    if (
      (item.slot && !/^(?:duration|quoted)$/.test(item.slot.kind)) ||
      work.used.has(item) ||
      found.some(({ items }) => items.includes(item))
    )
      continue
    const choice = choiceAt(parameter, lowers, item.word)
    if (!choice || (item.slot && item.word + choice.length !== item.slot.to)) continue
    const items = work.items.filter((one) => one.word >= item.word && one.word < item.word + choice.length)
    if (items.some((one) => work.used.has(one))) continue
    const ranked = /\d/.test(lowers.slice(item.word, item.word + choice.length).join(' '))
    found.push({ value: choice.value, items, ranked })
  }
  const strongest = found.some(({ ranked }) => ranked) ? found.filter(({ ranked }) => ranked) : found
  for (const { items } of strongest) for (const item of items) work.used.add(item)
  const values = [...new Set(strongest.map(({ value }) => value))]
  const [value] = values
  if (value === undefined) return
  const says = `Several were named for the ${parameter.label}: ${values.join(', ')}. Which one?`
  work.said[parameter.name] = values.length === 1 ? { value } : { value: values, unclear: { says, options: values } }
}

const ACCOUNT = /^(?:slack|teams|web|cli):\S{1,110}$/i

function takeAccount(work: Extracting, parameter: Parameter): void {
  const item = work.items.find((one) => ACCOUNT.test(one.slot?.kind === 'quoted' ? one.slot.said : one.text))
  if (!item) return
  work.used.add(item)
  work.said[parameter.name] = { value: work.words[item.word]?.text ?? item.text }
}

// Help on a skill: the verb the question is about. Behind a plain "help" any word may be meant.
function takeTopic(work: Extracting): void {
  const [first, ...rest] = work.items
  const verbOf = (item: Item) =>
    work.known.verbs.get(item.slot?.kind === 'quoted' ? item.slot.said.toLowerCase() : item.text)
  const verbs = rest.filter((item) => verbOf(item) !== undefined)
  // `manual page on autoscale`
  const about = verbs.find((item) => /^(?:on|about|for|with|of|use|to|called|command)$/.test(work.previous(item)))
  const named = about ?? verbs.find((item) => !/^(?:help|explain)$/.test(item.text)) ?? verbs[0]
  const [second] = first?.text === 'help' && rest.length === 1 ? rest : []
  const item = named ?? (second && !second.slot && !NOISE.has(second.text) ? second : undefined)
  if (!item) return
  work.used.add(item)
  work.said.topic = { value: verbOf(item) ?? item.text }
}

// `run the runbook drain-node`, `run the drain-node runbook`
function takeRunbook(work: Extracting): void {
  const at = work.items.findIndex((item) => /^(?:runbook|playbook|procedure)$/.test(item.text))
  const [quoted] = work.unusedSlots('quoted')
  const named = work.items.find((item) => /^(?:named|called)$/.test(item.text))
  const after = work.items[(named ? work.items.indexOf(named) : at) + 1]
  const item = quoted ?? [after, work.items[at - 1]].find((one) => at >= 0 && isRunbookName(one))
  if (!item) return
  work.used.add(item)
  if (named) work.used.add(named)
  work.said.name = { value: item.slot?.said ?? work.words[item.word]?.text ?? item.text }
}

const isRunbookName = (item: Item | undefined): boolean =>
  item !== undefined &&
  !/^(?:variable|url|quoted|person)$/.test(item.slot?.kind ?? '') &&
  /^[\p{L}\p{N}]/u.test(item.slot?.said ?? item.text) &&
  !NOISE.has(item.text) &&
  !/^(?:run|start|execute|launch|kick|trigger|do|use|usual|same|right|normal|standard|regular|other|correct|written|old|new)$/.test(
    item.text,
  )
