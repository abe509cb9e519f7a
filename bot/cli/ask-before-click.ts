import type { Action, FormField } from '../../core/card.ts'
import type { JsonObject } from '../../core/json.ts'
import { visibleLine } from '../../core/visible-text.ts'
import type { CliCard } from './api.ts'

export interface ClickExtra {
  readonly reason?: string
  readonly values?: JsonObject
}

/** Asks what a click must carry: sure or not, why, and the form's fields. Undefined when the person says no. */
export async function askBeforeClick(
  { card }: CliCard,
  action: Action,
  ask: (question: string) => Promise<string>,
): Promise<ClickExtra | undefined> {
  const fields = card.blocks.flatMap((block) => (block.type === 'form' ? block.fields : []))
  const { verb, payload } = action
  // A button that brings its own answer, or drops the question, leaves the form alone.
  const sendsForm = fields.length > 0 && verb === 'answer' && payload?.values === undefined && payload?.drop !== true
  let extra: ClickExtra = {}
  if (sendsForm) {
    const values = await fill(fields, ask)
    if (!values) return undefined
    extra = { values }
  }
  if (action.confirm) {
    const answer = await ask(`${visibleLine(action.confirm)}\n${visibleLine(action.label)}? [y/N] `)
    if (!/^(?:y|yes)$/i.test(answer.trim())) return undefined
  }
  if (action.reason) {
    const reason = (await ask(`${visibleLine(action.reason)} (empty: do not) `)).trim()
    if (reason === '') return undefined
    extra = { ...extra, reason }
  }
  return extra
}

async function fill(
  fields: readonly FormField[],
  ask: (question: string) => Promise<string>,
): Promise<JsonObject | undefined> {
  const values: Record<string, string> = {}
  for (const field of fields) {
    const options = field.options?.map(({ value }) => value).join(', ')
    const about = [
      options,
      field.hint,
      field.required ? undefined : 'may be empty',
      field.value && `now ${field.value}`,
    ]
    const hint = about.filter(Boolean).join('; ')
    const said = (await ask(`${visibleLine(field.label)}${hint ? ` (${visibleLine(hint)})` : ''}: `)).trim()
    const value = said || field.value || ''
    if (value === '' && field.required) return undefined
    if (value !== '') values[field.name] = value
  }
  return values
}
