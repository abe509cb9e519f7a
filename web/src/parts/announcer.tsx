import { useEffect, useRef, useState } from 'preact/hooks'
import type { CardItem, Item } from '../api-types.ts'
import { plain } from '../plain-text.ts'
import { visibleLine } from '../visible-text.ts'

/** Says new and changed cards to screen readers: one line each, never the whole card again. */
export function Announcer({ items }: { items: readonly Item[] }) {
  const known = useRef<Map<string, string>>(undefined)
  const [says, setSays] = useState('')
  useEffect(() => {
    const lines = new Map(items.filter(isCard).map((item) => [item.deliveryId, lineOf(item)]))
    const before = known.current
    known.current = lines
    if (!before) return
    const fresh = [...lines].filter(([id, line]) => before.get(id) !== line).map(([, line]) => line)
    if (fresh.length > 0 && fresh.length < 4) setSays(fresh.join('. '))
  }, [items])
  return (
    <p class="sr-only" aria-live="polite">
      {says}
    </p>
  )
}

const isCard = (item: Item): item is CardItem => item.type === 'card'

function lineOf({ card }: CardItem): string {
  return visibleLine(`${card.title}${card.subtitle ? `: ${plain(card.subtitle)}` : ''}`)
}
