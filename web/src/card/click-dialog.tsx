import { useEffect, useId, useRef, useState } from 'preact/hooks'
import type { Action } from '../card-types.ts'
import { visibleLine, visibleText } from '../visible-text.ts'

/** Asked before a click is sent: is it sure, and why. Escape and a click beside it mean no. */
export function ClickDialog({
  action,
  onSend,
  onClose,
}: {
  action: Action
  onSend: (reason: string | undefined) => void
  onClose: () => void
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [reason, setReason] = useState('')
  const titleId = useId()
  const reasonId = useId()
  useEffect(() => {
    const opener = document.activeElement
    dialog.current?.showModal()
    // Taken off the page it gives the focus back to nobody.
    return () => {
      if (opener instanceof HTMLElement) opener.focus()
    }
  }, [])
  const ready = !action.reason || reason.trim() !== ''
  const submit = (event: Event) => {
    event.preventDefault()
    event.stopPropagation() // it stands inside the card's own form
    if (ready) onSend(action.reason ? reason.trim() : undefined)
  }
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event)
      }}
    >
      <div class="dialog-body">
        <h2 id={titleId}>{visibleLine(action.label)}</h2>
        {action.confirm && <p>{visibleText(action.confirm)}</p>}
        {action.reason && (
          <div class="field">
            <label for={reasonId}>{visibleLine(action.reason)}</label>
            <textarea
              id={reasonId}
              rows={3}
              maxLength={500}
              value={reason}
              onInput={(event) => setReason(event.currentTarget.value)}
            />
          </div>
        )}
        <div class="buttons end">
          <button type="button" class="button plain" onClick={onClose}>
            Back
          </button>
          <button
            type="button"
            class={`button ${action.style === 'plain' ? 'primary' : action.style}`}
            disabled={!ready}
            onClick={submit}
          >
            {visibleLine(action.label)}
          </button>
        </div>
      </div>
    </dialog>
  )
}
