import { Icon } from '../card/icons.tsx'
import { page } from '../state/page.ts'
import { become, signOut } from '../state/session.ts'
import { isUnread } from '../state/unread.ts'
import { useStore } from '../store.ts'
import { visibleLine } from '../visible-text.ts'
import { Avatar } from './avatar.tsx'

const CONNECTION_WORDS = { connecting: 'Connecting', live: 'Live', lost: 'Connection lost', resting: '' } as const

export function Header() {
  const open = useStore(page, (state) => state.open)
  const thread = useStore(page, (state) => state.threads.find(({ key }) => key === state.open))
  const connection = useStore(page, (state) => state.connection)
  const marks = useStore(page, (state) => {
    const unread = state.threads.filter((one) => one.key !== state.open && isUnread(one, state.seen)).length
    return state.overview.waiting.length + unread
  })
  const firstSaid = useStore(page, ({ open, loaded }) => {
    const first = open ? loaded[open]?.items.find((item) => item.type === 'message') : undefined
    return first?.type === 'message' ? first.text : undefined
  })
  const isLone = useStore(page, (state) => state.lone !== undefined)
  const title = isLone
    ? 'Card'
    : visibleLine(thread?.title ?? firstSaid ?? (open ? 'Conversation' : 'New conversation'))
  return (
    <header class="header">
      <button
        type="button"
        class="icon-button menu-button"
        aria-label={marks ? `Conversations, ${marks} new` : 'Conversations'}
        onClick={() => page.set({ drawer: true })}
      >
        <Icon name="menu" />
        {marks > 0 && <span class="menu-mark" />}
      </button>
      <h1 class="header-title" title={title} dir="auto">
        {title}
      </h1>
      {connection !== 'resting' && (
        <span class={`connection ${connection}`} role="status" title={CONNECTION_WORDS[connection]}>
          <span class="dot" />
          <span class="connection-words">{CONNECTION_WORDS[connection]}</span>
        </span>
      )}
      <WhoAmI />
    </header>
  )
}

/** Who speaks, with which rights; where the page may switch persons, a click opens the choice. */
function WhoAmI() {
  const session = useStore(page, (state) => state.session)
  const people = useStore(page, (state) => state.people)
  const person = session?.person
  if (!person) return <span class="who" />
  const roles = person.roles.length ? person.roles.join(' · ') : 'no roles yet'
  const face = (
    <>
      <Avatar id={person.id} name={person.name} small />
      <span class="who-words">
        <span class="who-name">{visibleLine(person.name)}</span>
        <span class="who-roles">{visibleLine(roles)}</span>
      </span>
    </>
  )
  if (!session.switcher.allowed)
    return (
      <span class="who">
        {face}
        {session.login && (
          <button type="button" class="sign-out" onClick={() => void signOut()}>
            Sign out
          </button>
        )}
      </span>
    )
  return (
    <details
      class="who switcher"
      onToggle={(event) => {
        const details = event.currentTarget
        if (!details.open) return
        const closer = (click: Event) => {
          if (click.target instanceof Node && details.contains(click.target)) return
          details.open = false
          document.removeEventListener('click', closer)
        }
        document.addEventListener('click', closer)
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.open = false
      }}
    >
      <summary aria-label={`You are ${visibleLine(person.name)}, ${visibleLine(roles)}. Switch person`}>
        {face}
        <Icon name="down" />
      </summary>
      <div class="popover">
        <p class="popover-note">Try it as somebody else. Only here, on this computer, with the sandbox.</p>
        <ul>
          {people.map((other) => (
            <li key={other.id}>
              <button
                type="button"
                class="person-choice"
                aria-current={other.id === person.id}
                onClick={(event) => {
                  const details = event.currentTarget.closest('details')
                  if (details) details.open = false
                  if (other.id !== person.id) void become(other.id)
                }}
              >
                <Avatar id={other.id} name={other.name} />
                <span class="who-words">
                  <span class="who-name">{visibleLine(other.name)}</span>
                  <span class="who-roles">{visibleLine(other.roles.join(' · ') || 'no roles yet')}</span>
                </span>
                {other.id === person.id && <span class="you">you</span>}
              </button>
            </li>
          ))}
        </ul>
      </div>
    </details>
  )
}
