import { visibleText } from '../visible-text.ts'

/** Nobody is logged in and nobody can be: say why, plainly. */
export function NoLogin({ says }: { says: string }) {
  return (
    <main class="no-login">
      <img src="/icon.svg" alt="" width="40" height="40" />
      <h1>This page needs a login</h1>
      <p>{visibleText(says)}</p>
    </main>
  )
}
