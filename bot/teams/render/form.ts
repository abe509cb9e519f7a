import type { Block, FormField } from '../../../core/card.ts'
import { cutList, type Element, type Page } from './page.ts'
import { inertLine, rich } from './text.ts'

type Form = Extract<Block, { type: 'form' }>

/** The names of inputs are ours, whatever a field is called; actions carry which is which. */
export const inputOf = (at: number): string => `field${at}`

/** More of an answer than this is not read anyway. */
const LONGEST_ANSWER = 1_000

/** A form's fields as inputs of the card itself: the answer is one click, no dialog opens. */
export function formElements(page: Page, { fields }: Form): Element[] {
  return fields.flatMap((field, at) => {
    const hint = field.hint ? [rich(page, inertLine(page, field.hint), { isSubtle: true, size: 'Small' })] : []
    return [inputFor(page, field, at), ...hint]
  })
}

function inputFor(page: Page, field: FormField, at: number): Element {
  const label = inertLine(page, field.label) || 'Answer'
  const common = {
    id: inputOf(at),
    label,
    isRequired: field.required,
    ...(field.required && { errorMessage: 'This is still missing.' }),
  }
  const options = (field.options ?? []).filter((option) => option.value !== '')
  // A choice of nothing is typed.
  if (field.type === 'choice' && options.length > 0) {
    const { shown } = cutList(page, options, page.limits.choices)
    const choices = shown.map(({ value, label }) => ({ title: inertLine(page, label) || ' ', value }))
    const value = shown.some((option) => option.value === field.value) ? { value: field.value ?? '' } : {}
    return { type: 'Input.ChoiceSet', ...common, style: 'compact', choices, ...value }
  }
  // Numbers may be relative (+2, x2), so they are texts here too.
  const value = field.value === undefined ? {} : { value: field.value.slice(0, LONGEST_ANSWER) }
  const placeholder = field.hint ? { placeholder: inertLine(page, field.hint) } : {}
  return { type: 'Input.Text', ...common, ...placeholder, ...value, maxLength: LONGEST_ANSWER }
}
