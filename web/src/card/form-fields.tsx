import type { FormField } from '../card-types.ts'
import { visibleLine } from '../visible-text.ts'

export type FormValues = Readonly<Record<string, string>>

/** What stands in a field is what is sent: hidden characters are made visible before, but a choice's value is never changed. */
export function startValues(fields: readonly FormField[]): FormValues {
  return Object.fromEntries(
    fields.map(({ name, type, value = '' }) => [name, type === 'choice' ? value : visibleLine(value)]),
  )
}

/** The names of required fields that are still empty. */
export function emptyRequired(fields: readonly FormField[], values: FormValues): readonly string[] {
  return fields.filter(({ name, required }) => required && !values[name]?.trim()).map(({ name }) => name)
}

export interface FormFieldsProps {
  readonly prefix: string
  readonly fields: readonly FormField[]
  readonly values: FormValues
  readonly lacking: readonly string[]
  readonly disabled: boolean
  readonly onChange: (name: string, value: string) => void
}

export function FormFields({ prefix, fields, values, lacking, disabled, onChange }: FormFieldsProps) {
  return (
    <div class="fields">
      {fields.map((field) => {
        const id = `${prefix}-${field.name}`
        const missing = lacking.includes(field.name)
        const shared = {
          id,
          disabled,
          value: values[field.name] ?? '',
          'aria-invalid': missing,
          'aria-describedby': `${id}-hint`,
          onInput: (event: { currentTarget: { value: string } }) => onChange(field.name, event.currentTarget.value),
        }
        return (
          <div class="field" key={field.name}>
            <label for={id}>
              {visibleLine(field.label)}
              {!field.required && <span class="optional"> (optional)</span>}
            </label>
            {field.type === 'choice' ? (
              <select {...shared}>
                <option value="">Choose…</option>
                {field.options?.map(({ value, label }) => (
                  <option key={value} value={value}>
                    {visibleLine(label)}
                  </option>
                ))}
              </select>
            ) : (
              <input
                {...shared}
                type="text"
                inputMode={field.type === 'number' ? 'numeric' : 'text'}
                autoComplete="off"
                placeholder={field.type === 'duration' ? '2h' : undefined}
              />
            )}
            <p id={`${id}-hint`} class={missing ? 'hint missing' : 'hint'}>
              {missing ? 'Needed.' : field.hint && visibleLine(field.hint)}
            </p>
          </div>
        )
      })}
    </div>
  )
}
