import { useState } from 'preact/hooks'
import type { Action, Block, JsonObject } from '../card-types.ts'
import { visibleLine } from '../visible-text.ts'
import type { CardViewProps } from './card-view.tsx'
import { ClickDialog } from './click-dialog.tsx'
import { emptyRequired, FormFields, type FormValues, startValues } from './form-fields.tsx'

type Form = Extract<Block, { type: 'form' }>

/** A card's form and its buttons. What a click may do is decided on the server; here it is only asked for. */
export function Actions({ item, clicking, onClick }: Omit<CardViewProps, 'reply'>) {
  const { card } = item
  const [asking, setAsking] = useState<Action>()
  const forms = card.blocks.filter((block): block is Form => block.type === 'form')
  const fields = forms.flatMap((form) => form.fields)
  const [values, setValues] = useState<FormValues>({})
  const [lacking, setLacking] = useState<readonly string[]>([])
  if (!card.actions?.length && fields.length === 0) return null

  const current = { ...startValues(fields), ...values }
  const press = (action: Action) => {
    if (sendsForm(action)) {
      const empty = emptyRequired(fields, current)
      setLacking(empty)
      if (empty.length > 0) return
    }
    if (action.confirm || action.reason) setAsking(action)
    else send(action)
  }
  const send = (action: Action, reason?: string) => {
    setAsking(undefined)
    const filled: JsonObject = Object.fromEntries(Object.entries(current).filter(([, value]) => value !== ''))
    onClick(action, { ...(reason && { reason }), ...(sendsForm(action) && { values: filled }) })
  }
  // Buttons beside the form that bring their own answer, or drop the question, leave the fields alone.
  const sendsForm = ({ verb, payload }: Action) =>
    fields.length > 0 && verb === 'answer' && payload?.values === undefined && payload?.drop !== true

  const submit = card.actions?.find((action) => sendsForm(action))
  return (
    <form
      class="card-actions"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (submit && !clicking) press(submit)
      }}
    >
      {fields.length > 0 && (
        <FormFields
          prefix={item.deliveryId}
          fields={fields}
          values={current}
          lacking={lacking}
          disabled={clicking !== undefined}
          onChange={(name, value) => setValues((before) => ({ ...before, [name]: value }))}
        />
      )}
      <div class="buttons">
        {card.actions?.map((action, at) => (
          <button
            key={`${at} ${action.verb} ${action.label}`}
            type={action === submit ? 'submit' : 'button'}
            class={`button ${action.style}`}
            disabled={clicking !== undefined}
            aria-busy={clicking === action.label}
            onClick={action === submit ? undefined : () => press(action)}
          >
            {visibleLine(action.label)}
          </button>
        ))}
      </div>
      {asking && (
        <ClickDialog action={asking} onSend={(reason) => send(asking, reason)} onClose={() => setAsking(undefined)} />
      )}
    </form>
  )
}
