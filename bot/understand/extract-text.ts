import type { Item } from './clauses.ts'
import type { Extracting } from './extract.ts'
import type { Parameter } from './parameters.ts'
import { NOISE } from './stop-words.ts'

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
  const [quoted] = work.unusedSlots('quoted')
  if (quoted?.slot) {
    work.used.add(quoted)
    work.said[parameter.name] = { value: quoted.slot.value }
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

function takeChoice(work: Extracting, parameter: Parameter): void {
  for (const choice of parameter.choices) {
    const parts = choice.split(/[-_ ]/)
    for (let at = 0; at < work.items.length; at++) {
      const joined = work.items[at]
      if (
        joined &&
        /^[a-z]+$/.test(joined.text.replace(/[-_]/g, '')) &&
        joined.text.replace(/[-_]/g, '') === parts.join('')
      ) {
        work.used.add(joined)
        work.said[parameter.name] = { value: choice }
        return
      }
      if (parts.length > 1 && parts.every((part, index) => work.items[at + index]?.text === part)) {
        for (const item of work.items.slice(at, at + parts.length)) work.used.add(item)
        work.said[parameter.name] = { value: choice }
        return
      }
    }
  }
}

function takeAccount(work: Extracting, parameter: Parameter): void {
  const item = work.items.find((one) => /^(?:slack|teams|web|cli):\S{1,110}$/.test(one.text))
  if (!item) return
  work.used.add(item)
  work.said[parameter.name] = { value: work.words[item.word]?.text ?? item.text }
}

// Help on a skill: the verb the question is about. Behind a plain "help" any word may be meant.
function takeTopic(work: Extracting): void {
  const [first, ...rest] = work.items
  const named = rest.find((item) => work.known.verbs.has(item.text))
  const [second] = first?.text === 'help' && rest.length === 1 ? rest : []
  const item = named ?? (second && !second.slot && !NOISE.has(second.text) ? second : undefined)
  if (!item) return
  work.used.add(item)
  work.said.topic = { value: work.known.verbs.get(item.text) ?? item.text }
}
