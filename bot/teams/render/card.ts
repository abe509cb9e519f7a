import type { Card, FileRef } from '../../../core/card.ts'
import type { PersonId } from '../../../core/ids.ts'
import type { JsonObject } from '../../../core/json.ts'
import { visibleLine } from '../../../core/visible-text.ts'
import { renderText } from '../../cli/render-text.ts'
import { actionElements, isDeciding, REFRESH, wholeButtons } from './actions.ts'
import { elementsOf } from './blocks.ts'
import { mentions } from './mentions.ts'
import { cutList, type Element, LEVELS, limitsOf, type Page } from './page.ts'
import { inertLine, rich, run } from './text.ts'

export interface RenderContext {
  /** Comes back with every click. */
  readonly deliveryId: string
  readonly now: Date
  /**
   * The Teams ids (`29:…`) of those who may decide. For everybody else the card has no deciding buttons; their clients ask for theirs.
   * Absent: it is not known, and everybody sees them. The server decides at the click in any case.
   */
  readonly deciders?: readonly string[]
  /** Whom Teams may notify: the account of a person there. Absent: nobody is mentioned. */
  readonly mention?: (person: PersonId) => string | undefined
  /** Where whoever may sign in reads the whole card. Absent: nobody can. */
  readonly pageAddress?: string | undefined
  /** Drawn for one of `deciders`. */
  readonly forDecider?: boolean
}

export interface RenderedCard {
  /** An Adaptive Card 1.5 of at most MOST_BYTES. */
  readonly card: JsonObject
  /** One line for notifications and lists of chats. */
  readonly summary: string
  /** What the card names or had to leave out, whole. */
  readonly files: readonly FileRef[]
}

/** As it is sent. */
export const cardMessage = ({ card, summary }: RenderedCard) => ({
  type: 'message' as const,
  summary,
  attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }],
})

/** Teams takes messages of about 28 KB with everything round the card. */
export const MOST_BYTES = 26 * 1024
/** Teams asks for no more readers by itself. */
const MOST_DECIDERS = 60
const LONGEST_SUMMARY = 200
const TONES = { neutral: 'default', good: 'good', warn: 'warning', bad: 'attention', busy: 'accent' } as const
const MARKS = { neutral: '', good: '✓ ', warn: '⚠ ', bad: '✗ ', busy: '… ' } as const

/** A card as an Adaptive Card: all of it where it fits, else less of it, visibly, with the whole as a file. */
export function renderCard(card: Card, context: RenderContext): RenderedCard {
  for (let level = 0; ; level += 1) {
    const { drawn, leftOut } = draw(card, context, level)
    if (Buffer.byteLength(JSON.stringify(drawn)) > MOST_BYTES && level < LEVELS - 1) continue
    const summary = visibleLine(card.title).toWellFormed().trim().slice(0, LONGEST_SUMMARY).toWellFormed()
    return { card: drawn, summary: summary || 'A card', files: filesOf(card, leftOut ? context.now : undefined) }
  }
}

function draw(card: Card, context: RenderContext, level: number): { drawn: JsonObject; leftOut: boolean } {
  let leftOut = false
  const page: Page = {
    limits: limitsOf(level),
    now: context.now,
    leaveOut: () => {
      leftOut = true
    },
  }
  const refresh = refreshOf(card, context)
  const { actions, body } = actionElements(page, card, context.deliveryId, !refresh || context.forDecider === true)
  const { shown, left } = cutList(page, card.blocks, page.limits.blocks)
  const blocks = [header(page, card), ...shown.flatMap((block) => elementsOf(page, block))]
  if (left > 0) blocks.push(small(page, `… ${left} more ${left === 1 ? 'part' : 'parts'}`))
  if (card.footer !== undefined)
    blocks.push(rich(page, card.footer, { isSubtle: true, size: 'Small' }, { separator: true }))
  if (leftOut) blocks.push(small(page, `This card is cut. The whole is in ${WHOLE}.`))
  const { entities, called } = mentions(card, context)
  const hasFiles = leftOut || card.blocks.some((block) => block.type === 'code' && block.file)
  const files = hasFiles ? [wholeButtons(context.deliveryId, context.pageAddress)] : []
  const drawn = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.5',
    fallbackText: 'This card needs a newer Teams.',
    ...refresh,
    msteams: { width: 'Full', ...(entities.length > 0 && { entities }) },
    body: [...blocks, ...called, ...files, ...body],
    actions,
  }
  return { drawn, leftOut }
}

function header(page: Page, card: Card): Element {
  const title = run(`${MARKS[card.tone]}${inertLine(page, card.title)}` || ' ', { size: 'Large', weight: 'Bolder' })
  const items: Element[] = [{ type: 'RichTextBlock', inlines: [title] }]
  if (card.subtitle !== undefined) items.push(rich(page, card.subtitle, { isSubtle: true }, { spacing: 'Small' }))
  return { type: 'Container', style: TONES[card.tone], bleed: true, items }
}

const small = (page: Page, text: string): Element => rich(page, text, { isSubtle: true, size: 'Small' })

/** By which the clients of those who may decide ask for their view of the card. */
function refreshOf(card: Card, { deciders = [], deliveryId }: RenderContext): JsonObject | undefined {
  if (deciders.length === 0 || deciders.length > MOST_DECIDERS || !card.actions?.some(isDeciding)) return undefined
  const action = { type: 'Action.Execute', title: 'Refresh', verb: REFRESH, data: { deliveryId, verb: REFRESH } }
  return { refresh: { action, userIds: [...deciders] } }
}

const WHOLE = 'card.txt'
const LINE_WIDTH = 120

/** The files a card names, long code without one, and the card itself where something had to be left out. */
function filesOf(card: Card, cutAt: Date | undefined): FileRef[] {
  const named = card.blocks.flatMap((block) => (block.type === 'code' && block.file ? [block.file] : []))
  if (!cutAt) return named
  const codes = card.blocks.flatMap((block) => (block.type === 'code' && !block.file ? [block.text] : []))
  const text = renderText(card, { width: LINE_WIDTH, colour: false, now: cutAt, timezone: 'utc' })
  const content = [text, ...codes].join('\n\n')
  return [...named, { name: WHOLE, mediaType: 'text/plain', content }]
}
