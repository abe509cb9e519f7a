import type { SessionView } from '../api-types.ts'
import { keepAddress } from '../state/session.ts'
import { visibleText } from '../visible-text.ts'

/** Nobody is logged in: the way in where there is one, else why there is none. */
export function NoLogin({ session: { login, switcher } }: { session: SessionView }) {
  if (!login)
    return (
      <main class="no-login">
        <img src="/icon.svg" alt="" width="40" height="40" />
        <h1>This page needs a login</h1>
        <p>{visibleText(switcher.says)}</p>
      </main>
    )
  return (
    <main class="no-login">
      <img src="/icon.svg" alt="" width="40" height="40" />
      <h1>Quarterdeck</h1>
      {login.says && <p role="alert">{visibleText(login.says)}</p>}
      <a class="button primary" href="/api/login" onClick={keepAddress}>
        Sign in
      </a>
    </main>
  )
}
