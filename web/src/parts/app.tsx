import { page } from '../state/page.ts'
import { useStore } from '../store.ts'
import { Banners } from './banners.tsx'
import { Composer } from './composer.tsx'
import { Conversation } from './conversation.tsx'
import { Header } from './header.tsx'
import { LoneCard } from './lone-card.tsx'
import { NoLogin } from './no-login.tsx'
import { Sidebar } from './sidebar.tsx'

/** No link: the address says which conversation is open, and would say so no longer. */
const toComposer = () => document.getElementById('composer')?.focus()

export function App() {
  const session = useStore(page, (state) => state.session)
  const isLone = useStore(page, (state) => state.lone !== undefined)
  const drawer = useStore(page, (state) => state.drawer)
  if (session && !session.person) return <NoLogin session={session} />
  return (
    <div class={drawer ? 'app drawer-open' : 'app'}>
      {!isLone && (
        <button type="button" class="skip" onClick={toComposer}>
          Skip to the message box
        </button>
      )}
      <Sidebar />
      {drawer && (
        <button type="button" class="scrim" aria-label="Close the list" onClick={() => page.set({ drawer: false })} />
      )}
      <main class="main">
        <Header />
        <Banners />
        {isLone ? (
          <LoneCard />
        ) : (
          <>
            <Conversation />
            <Composer />
          </>
        )}
      </main>
    </div>
  )
}
