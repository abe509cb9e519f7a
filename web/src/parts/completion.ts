import type { GuideView } from '../api-types.ts'

export interface Completion {
  readonly value: string
  readonly about: string
}

const SHOWN = 6

/** What the word before the caret may become: a skill first, then services and environments. Pure. */
export function completions(textToCaret: string, guide: GuideView): readonly Completion[] {
  const match = /(^|\s)(\S+)$/.exec(textToCaret)
  const word = match?.[2]?.toLowerCase()
  if (!word || textToCaret.includes('\n')) return []
  const first = textToCaret.trimStart().length === word.length
  const names: readonly Completion[] = first
    ? guide.skills.map(({ name, summary }) => ({ value: name, about: summary }))
    : [
        ...guide.services.map((value) => ({ value, about: 'service' })),
        ...guide.environments.map((value) => ({ value, about: 'environment' })),
      ]
  const fitting = names.filter(({ value }) => value.startsWith(word) && value !== word)
  return fitting.slice(0, SHOWN)
}

/** The text with the word before the caret replaced, and where the caret then stands. */
export function complete(
  text: string,
  caret: number,
  value: string,
): { readonly text: string; readonly caret: number } {
  const before = text.slice(0, caret).replace(/\S+$/, `${value} `)
  return { text: before + text.slice(caret).replace(/^ /, ''), caret: before.length }
}
