import type { Text } from './card-types.ts'

/** The words of a Text, times as ISO. */
export function plain(text: Text): string {
  if (typeof text === 'string') return text
  return text
    .map((span) => {
      if (typeof span === 'string') return span
      if ('bold' in span) return span.bold
      if ('code' in span) return span.code
      return 'time' in span ? span.time : span.name
    })
    .join('')
}
