import { numberOf } from './numbers.ts'

const UNITS: Readonly<Record<string, string>> = {
  s: 's',
  sec: 's',
  secs: 's',
  second: 's',
  seconds: 's',
  m: 'm',
  min: 'm',
  mins: 'm',
  minute: 'm',
  minutes: 'm',
  h: 'h',
  hr: 'h',
  hrs: 'h',
  hour: 'h',
  hours: 'h',
  d: 'd',
  day: 'd',
  days: 'd',
  w: 'w',
  week: 'w',
  weeks: 'w',
  wk: 'w',
  wks: 'w',
}
const unitOf = (word: string | undefined): string | undefined =>
  word !== undefined && Object.hasOwn(UNITS, word) ? UNITS[word] : undefined

const PARTS_OF_AN_HOUR: Readonly<Record<string, string>> = { half: '30m', quarter: '15m' }

/** A length of time at `words[from]` (lower case), and how many words say it. The value is in the grammar of DESIGN §7: `2h`, `1h30m`. */
export function durationAt(
  words: readonly string[],
  from: number,
): { readonly value: string; readonly length: number } | undefined {
  return compactAt(words, from) ?? oddAt(words, from) ?? fractionAt(words, from) ?? countedAt(words, from)
}

const REST_OF_DAY =
  /^(?:the )?(?:rest|remainder) of (?:the|this) (?:day|afternoon|evening)(?= |$)|^(?:the )?rest of today(?= |$)/

/** `the rest of the day` at `words[from]`: how many words say it. The clock is the caller's. */
export function restOfDayAt(words: readonly string[], from: number): number {
  if (!/^(?:the|rest|remainder)$/.test(words[from] ?? '')) return 0
  return REST_OF_DAY.exec(words.slice(from, from + 5).join(' '))?.[0].split(' ').length ?? 0
}

/** The duration a whole text says; undefined when it says anything else. */
export function durationOf(text: string): string | undefined {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const found = durationAt(words, 0)
  return found && found.length === words.length ? found.value : undefined
}

// `2h`, `90min`, `1h30m`
function compactAt(words: readonly string[], from: number) {
  const word = words[from] ?? ''
  const clockLike = /^(\d{1,3})h([0-5]\d)$/.exec(word)
  if (clockLike) return { value: `${clockLike[1]}h${Number(clockLike[2])}m`, length: 1 }
  if (word.length > 24 || !/^(?:\d{1,6}(?:\.\d{1,2})?[a-z]{1,7})+$/.test(word)) return undefined
  let value = ''
  for (const [, amount, name] of word.matchAll(/(\d+(?:\.\d+)?)([a-z]+)/g)) {
    const unit = unitOf(name)
    if (!unit || !amount) return undefined
    value += inUnit(Number(amount), unit)
  }
  return { value, length: 1 }
}

// `three quarters of an hour`, `a fortnight`
function oddAt(words: readonly string[], from: number) {
  const fortnight = words[from] === 'a' ? 1 : 0
  if (words[from + fortnight] === 'fortnight') return { value: '2w', length: 1 + fortnight }
  const said = words.slice(from, from + 5).join(' ')
  return /^(?:three|3) quarters of an hour$/.test(said) ? { value: '45m', length: 5 } : undefined
}

// `half an hour`, `quarter of an hour`, `half a day`
function fractionAt(words: readonly string[], from: number) {
  const part = words[from]
  if (part !== 'half' && part !== 'quarter' && !(part === 'a' && words[from + 1] === 'quarter')) return undefined
  let at = part === 'a' ? from + 2 : from + 1
  const name = part === 'a' ? 'quarter' : part
  if (words[at] === 'of') at++
  if (words[at] === 'a' || words[at] === 'an') at++
  const unit = unitOf(words[at])
  if (unit === 'h') return { value: PARTS_OF_AN_HOUR[name] ?? '30m', length: at - from + 1 }
  if (unit === 'd' && name === 'half') return { value: '12h', length: at - from + 1 }
  if (unit === 'm' && name === 'half') return { value: '30s', length: at - from + 1 }
  return undefined
}

// `2 hours`, `an hour`, `one and a half hours`, `two hours and 30 minutes`, `an hour and a half`, `couple of hours`
function countedAt(words: readonly string[], from: number) {
  const first = words[from] ?? ''
  let at = from
  let amount: number | undefined
  if (first === 'a' || first === 'an') {
    amount = 1
    at++
    if (words[at] === 'couple') {
      amount = 2
      at += words[at + 1] === 'of' ? 2 : 1
    }
  } else if (first === 'couple') {
    amount = 2
    at += words[at + 1] === 'of' ? 2 : 1
  } else {
    amount = numberOf(first)
    at++
    if (words[at] === 'and' && words[at + 1] === 'a' && words[at + 2] === 'half') {
      amount = amount === undefined ? undefined : amount + 0.5
      at += 3
    }
  }
  const unit = unitOf(words[at])
  // `a m` and `one s` are no lengths; a letter alone needs digits before it.
  if (amount === undefined || amount < 0 || !unit || ((words[at]?.length ?? 0) === 1 && !/^\d/.test(first)))
    return undefined
  at++
  let value = inUnit(amount, unit)
  if (words[at] === 'and' && words[at + 1] === 'a' && words[at + 2] === 'half') {
    return { value: inUnit(amount + 0.5, unit), length: at + 3 - from }
  }
  const next = words[at] === 'and' ? at + 1 : at
  const more = numberOf(words[next] ?? '')
  const smaller = unitOf(words[next + 1])
  if (more !== undefined && smaller && 'smhdw'.indexOf(smaller) < 'smhdw'.indexOf(unit)) {
    value += inUnit(more, smaller)
    at = next + 2
  }
  return { value, length: at - from }
}

const SMALLER: Readonly<Record<string, readonly [number, string]>> = {
  w: [7, 'd'],
  d: [24, 'h'],
  h: [60, 'm'],
  m: [60, 's'],
}

/** `1.5 h` is said as `90m`, so that equal lengths tend to be the same text. */
function inUnit(amount: number, unit: string): string {
  const smaller = SMALLER[unit]
  if (Number.isInteger(amount) || !smaller) return `${amount}${unit}`
  return inUnit(Math.round(amount * smaller[0] * 100) / 100, smaller[1])
}
