import { visibleLine } from '../visible-text.ts'

const HUES = 6

/** Initials on a quiet colour that stays the same for a person. */
export function Avatar({ id, name, small }: { id: string; name: string; small?: boolean }) {
  const words = visibleLine(name).split(/\s+/).filter(Boolean)
  const initials = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0] ?? '')
  let sum = 0
  for (const char of id) sum = (sum * 35 + (char.codePointAt(0) ?? 0)) % 65_521
  return (
    <span class={`avatar hue-${sum % HUES} ${small ? 'small' : ''}`} aria-hidden="true">
      {initials.join('').toUpperCase()}
    </span>
  )
}
