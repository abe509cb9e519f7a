import { isTextList, isTextRecord, recall, remember } from '../memory.ts'
import { page } from '../state/page.ts'

/** What is half typed, by thread (`new` for none yet), and what was said before, for ↑. Kept over a reload. */
let drafts: Record<string, string> = recall('drafts', isTextRecord) ?? {}
let said: string[] = recall('said', isTextList) ?? []
const HISTORY = 100

export const draftKey = () => page.get().open ?? 'new'

export function draft(key: string): string {
  return drafts[key] ?? ''
}

export function keepDraft(key: string, text: string): void {
  // Another tab may have kept its own meanwhile.
  const { [key]: _, ...others } = recall('drafts', isTextRecord) ?? drafts
  drafts = text ? { ...others, [key]: text } : others
  remember('drafts', drafts)
}

export function keepSaid(text: string): void {
  said = [...said.filter((one) => one !== text), text].slice(-HISTORY)
  remember('said', said)
}

/** The `back`-th text said before, 1 = the last. */
export function saidBefore(back: number): string | undefined {
  return said.at(-back)
}

type Filler = (text: string) => void
let filler: Filler | undefined

export function onFill(fn: Filler): () => void {
  filler = fn
  return () => {
    if (filler === fn) filler = undefined
  }
}

/** Puts a text into the composer, ready to be changed and sent. */
export function fillComposer(text: string): void {
  filler?.(text)
}
