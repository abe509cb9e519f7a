import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Icon } from '../card/icons.tsx'
import { say } from '../state/outbox.ts'
import { page } from '../state/page.ts'
import { threadToSpeakIn } from '../state/session.ts'
import { useStore } from '../store.ts'
import { complete, completions } from './completion.ts'
import { draft, draftKey, keepDraft, keepSaid, onFill, saidBefore } from './draft.ts'

/** Where one speaks. Enter sends, Shift+Enter makes a line, ↑ brings back what was said, Tab completes. */
export function Composer() {
  const thread = useStore(page, (state) => state.open)
  const ready = useStore(page, (state) => !!state.session?.person)
  const guide = useStore(page, (state) => state.guide)
  const box = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useState('')
  const [caret, setCaret] = useState(0)
  const [chosen, setChosen] = useState(0)
  const [closed, setClosed] = useState(false)
  const back = useRef(0)
  /** Where the caret goes once the text is drawn: before the next key, or fast typing would land elsewhere. */
  const wanted = useRef<number>(undefined)
  const offers = closed ? [] : completions(text.slice(0, caret), guide)
  const at = Math.min(chosen, offers.length - 1)

  const write = (next: string, position = next.length) => {
    setText(next)
    setCaret(position)
    setChosen(0)
    keepDraft(draftKey(), next)
    wanted.current = position
  }
  useEffect(() => {
    setText(draft(draftKey()))
    back.current = 0
  }, [thread])
  useEffect(
    () =>
      onFill((next) => {
        setClosed(true)
        write(next)
        box.current?.focus()
      }),
    [],
  )
  useLayoutEffect(() => {
    const area = box.current
    if (!area) return
    if (wanted.current !== undefined) area.setSelectionRange(wanted.current, wanted.current)
    wanted.current = undefined
    area.style.height = 'auto'
    area.style.height = `${Math.min(area.scrollHeight, 220)}px`
  }, [text])

  const send = () => {
    const message = text.trim()
    if (!message || !ready) return
    const wasNew = draftKey()
    const key = threadToSpeakIn()
    say(key, message)
    keepSaid(message)
    keepDraft(wasNew, '')
    keepDraft(key, '')
    back.current = 0
    setText('')
    setClosed(false)
  }
  const take = (value: string) => {
    const done = complete(text, caret, value)
    write(done.text, done.caret)
    box.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return
    const { key } = event
    const offered = offers[at]
    if (offered && key === 'Tab' && !event.shiftKey) take(offered.value)
    else if (offers.length > 1 && (key === 'ArrowDown' || key === 'ArrowUp'))
      setChosen((at + (key === 'ArrowDown' ? 1 : -1) + offers.length) % offers.length)
    else if (offers.length > 0 && key === 'Escape') setClosed(true)
    else if (key === 'Enter' && !event.shiftKey) send()
    else if (key === 'ArrowUp' && (text === '' || back.current > 0) && saidBefore(back.current + 1) !== undefined) {
      back.current += 1
      setClosed(true)
      write(saidBefore(back.current) ?? '')
    } else if (key === 'ArrowDown' && back.current > 0) {
      back.current -= 1
      write(saidBefore(back.current) ?? '')
    } else return
    event.preventDefault()
  }
  return (
    <div class="composer">
      {offers.length > 0 && (
        <div class="offers" id="offers" role="listbox" aria-label="Completions">
          {offers.map((offer, index) => (
            <div key={offer.value} id={`offer-${index}`} role="option" aria-selected={index === at} tabIndex={-1}>
              <button
                type="button"
                tabIndex={-1}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => take(offer.value)}
              >
                <span class="offer-value">{offer.value}</span>
                <span class="offer-about">{offer.about}</span>
                {index === at && <kbd>Tab</kbd>}
              </button>
            </div>
          ))}
        </div>
      )}
      <div class="composer-box">
        <textarea
          id="composer"
          ref={box}
          rows={1}
          value={text}
          placeholder="deploy checkout 1.4.2 to staging"
          aria-label="Message"
          aria-autocomplete="list"
          aria-controls="offers"
          aria-activedescendant={offers.length > 0 ? `offer-${at}` : undefined}
          spellcheck={false}
          autoCapitalize="none"
          autoComplete="off"
          onKeyDown={onKeyDown}
          onInput={(event) => {
            back.current = 0
            setClosed(false)
            setText(event.currentTarget.value)
            setCaret(event.currentTarget.selectionStart)
            setChosen(0)
            keepDraft(draftKey(), event.currentTarget.value)
          }}
          onClick={(event) => setCaret(event.currentTarget.selectionStart)}
          onBlur={() => setClosed(true)}
        />
        <button type="button" class="send" aria-label="Send" disabled={!text.trim() || !ready} onClick={send}>
          <Icon name="send" />
        </button>
      </div>
      <p class="composer-hint">
        <kbd>Enter</kbd> sends · <kbd>Shift</kbd> <kbd>Enter</kbd> new line · <kbd>↑</kbd> what you said before
      </p>
    </div>
  )
}
