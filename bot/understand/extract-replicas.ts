import { type Item, textOf } from './clauses.ts'
import type { Extracting } from './extract.ts'
import type { Parameter } from './parameters.ts'

const FEWER = /^(?:down|away|decrease|reduce|lower|remove|drop|shrink|cut|kill|fewer|less)$/

// `take two pods off cart`, `knock 2 off cart`
const TAKING =
  /(?:^| )(?:take|knock|shave|pull|strip|get|cut|chop|trim) <number>(?: \w+)? (?:off|away|out of|from)(?= |$)|(?:^| )<number>(?: \w+)? off <service>/

/** The count of replicas a sentence asks for; a direction in it makes `by 2`, `add 2` and `remove 2` relative. */
export function extractReplicas(work: Extracting, parameter: Parameter): void {
  const counts = work.items.filter(
    (item) => /^(?:change|number|percent)$/.test(item.slot?.kind ?? '') && !work.used.has(item),
  )
  const wanted = counts.filter((item) => work.previous(item) !== 'from')
  const toward = wanted.filter((item) => /^(?:to|->|=>)$/.test(work.previous(item)))
  const chosen = wanted.length > 1 && toward.length === 1 ? toward : wanted
  if (chosen.length === 0) {
    const [broken] = work.unusedSlots('version').filter((item) => /^\d+\.\d+$/.test(item.slot?.said ?? ''))
    // "2.5 replicas" is a count that cannot be, not a version.
    if (broken?.slot) {
      work.used.add(broken)
      work.said[parameter.name] = { value: Number(broken.slot.said) }
    }
    return
  }
  for (const item of counts) work.used.add(item)
  const values = [...new Set(chosen.map((item) => countOf(work, item)))]
  const [value] = values
  if (value !== undefined && values.length === 1) {
    work.said[parameter.name] = { value }
    return
  }
  const options = values.map(String)
  work.said[parameter.name] = {
    value: options,
    unclear: { says: 'Several numbers were named. How many replicas?', options },
  }
}

function countOf(work: Extracting, item: Item): string | number {
  const value = item.slot?.value ?? ''
  const before = work.previous(item)
  const down = work.items.some(({ text }) => FEWER.test(text)) || TAKING.test(textOf(work.items))
  if (item.slot?.kind === 'percent') return partOf(Number(value), before, down)
  if (typeof value === 'number') {
    const relative =
      TAKING.test(textOf(work.items)) ||
      before === 'by' ||
      /^(?:add|remove|drop|kill|cut)$/.test(before) ||
      work.items.some(({ text }) => text === 'away')
    if (!relative || value < 0) return value
    return down ? `-${value}` : `+${value}`
  }
  // "to -5" names a count, and an impossible one.
  if (/^(?:to|it|be)$/.test(before) && /^-\d+$/.test(value)) return Number(value)
  if (down && value.startsWith('+')) return `-${value.slice(1)}`
  return value
}

// "by 50%" is half more, or half less; "to 50%" is half of it.
function partOf(part: number, before: string, down: boolean): string {
  const factor = /^(?:to|at)$/.test(before) ? part : down ? 1 - part : 1 + part
  return `x${Math.round(factor * 100) / 100}`
}
