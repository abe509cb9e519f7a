// `BOPS-3371`: a project's key and a number. A build's tag may look the same, so the words around it decide.
const KEY = /^[A-Z][A-Z0-9]{1,9}-\d{1,7}$/
const OURS = /^(?:INC|OP|PR|RC|BUILD|RELEASE|REL|MAIN|SHA|GIT|HOTFIX|NIGHTLY|BETA|ALPHA|SEV|POD|NODE|V|R|B)-/
const LEADS = /^(?:tickets?|issue|jira|see|per|ref|reference|story|task|from)$/

/** True for a tracker's id that only says where a request comes from: in brackets, or behind `ticket` or `see`. */
export function isTicket(
  word: string,
  before: { readonly lower: string; readonly after: string } | undefined,
): boolean {
  if (!before || !KEY.test(word) || OURS.test(word)) return false
  return before.after.endsWith('(') || (before.after.replace(':', '') === '' && LEADS.test(before.lower))
}
