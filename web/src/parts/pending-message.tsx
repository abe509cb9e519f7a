import { useEffect, useState } from 'preact/hooks'
import { discard, retry } from '../state/outbox.ts'
import { type Pending, page } from '../state/page.ts'
import { useStore } from '../store.ts'
import { visibleLine, visibleText } from '../visible-text.ts'
import { Avatar } from './avatar.tsx'

/** A message on its way, or one that was refused and waits for its writer. */
export function PendingMessage({ message }: { message: Pending }) {
  const person = useStore(page, (state) => state.session?.person)
  const author = useStore(page, (state) => state.people.find(({ id }) => id === message.personId)) ?? person
  const waits = message.state === 'sending' ? (message.says ? 'Not sent yet, trying again' : 'Sending…') : 'Received'
  return (
    <div class={`message pending ${message.state}`}>
      <Avatar id={message.personId} name={author?.name ?? message.personId} />
      <div class="message-main">
        <p class="message-head">
          <span class="message-who">{visibleLine(author?.name ?? message.personId)}</span>
          <span class="message-state">{message.state === 'failed' ? 'Not sent' : waits}</span>
        </p>
        <p class="message-text" dir="auto">
          {visibleText(message.text)}
        </p>
        {message.says && (
          <p class="message-problem" role="status">
            {visibleLine(message.says)}
          </p>
        )}
        {message.state === 'failed' && (
          <p class="buttons">
            <button type="button" class="button plain" onClick={() => retry(message.key)}>
              Send again
            </button>
            <button type="button" class="button plain" onClick={() => discard(message.key)}>
              Discard
            </button>
          </p>
        )}
      </div>
    </div>
  )
}

/** Shown between a message and its card; after a while it says that the wait is known. */
export function Reading() {
  const [long, setLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), 6_000)
    return () => clearTimeout(timer)
  }, [])
  return (
    <p class="reading" role="status">
      <span class="reading-dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {long ? 'Taking longer than usual. Your message is safe; the answer comes here.' : 'Reading…'}
    </p>
  )
}
