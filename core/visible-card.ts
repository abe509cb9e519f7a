import type { Card } from './card.ts'
import { isVisible, visibleText } from './visible-text.ts'

/**
 * A card in which no text hides, reorders or erases what stands beside it. Done where cards are written down, so that whoever makes one
 * and whoever draws one cannot forget it.
 */
export function visibleCard(card: Card): Card {
  // Nearly every card is clean and stays as it is. Only texts are changed, so the copy of the others is a card.
  return isClean(card) ? card : (visible(card) as Card)
}

/** What is sent back or downloaded as it is, and is nothing to read: a button's payload, the file behind a block. */
const isRead = (key: string) => key !== 'payload' && key !== 'file'

function isClean(part: unknown): boolean {
  if (typeof part === 'string') return isVisible(part)
  if (typeof part !== 'object' || part === null) return true
  for (const [key, value] of Object.entries(part)) if (isRead(key) && !isClean(value)) return false
  return true
}

function visible(part: unknown): unknown {
  if (typeof part === 'string') return visibleText(part)
  if (Array.isArray(part)) return part.map(visible)
  if (typeof part !== 'object' || part === null) return part
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, isRead(key) ? visible(value) : value]))
}
