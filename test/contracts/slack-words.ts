const INLINE = ['text', 'user', 'date', 'emoji', 'link', 'channel']

type Part = Readonly<Record<string, unknown>>

/** Everything that stands on a message of blocks, a line an element, with people's names where Slack's client shows them. */
export function wordsOfBlocks(blocks: readonly object[], names: ReadonlyMap<string, string>): string {
  const lines: string[] = []
  const inline = (part: Part): string => {
    if (part.type === 'user') return names.get(String(part.user_id)) ?? '@somebody'
    if (part.type === 'date') return String(part.fallback ?? '')
    return typeof part.text === 'string' ? part.text : ''
  }
  const walk = (part: unknown): void => {
    if (Array.isArray(part)) for (const one of part) walk(one)
    else if (typeof part === 'object' && part !== null) {
      const { elements, text, ...rest } = part as Part // any object of a block is a record
      const parts = Array.isArray(elements) ? (elements as Part[]) : [] // as Slack's reference says of `elements`
      if (parts.length > 0 && parts.every(({ type }) => INLINE.includes(String(type))))
        lines.push(parts.map(inline).join(''))
      else walk(parts)
      if (typeof text === 'string') lines.push(mentions(text, names))
      else walk(text)
      for (const [key, value] of Object.entries(rest)) if (key !== 'value' && typeof value === 'object') walk(value)
    }
  }
  walk(blocks)
  return lines.join('\n')
}

const mentions = (text: string, names: ReadonlyMap<string, string>): string =>
  text.replace(/<@(\w+)>/g, (_, id: string) => names.get(id) ?? '@somebody')
