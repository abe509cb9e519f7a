import type { Action, Card, Text } from '../../../core/card.ts'
import type { DeliveryId } from '../../../core/ids.ts'
import { actionsBlocks } from './action.ts'
import type { HomeView, KnownBlock } from './kit.ts'
import { cutTo, LIMITS } from './limits.ts'
import { bullets, lines } from './piece.ts'
import { literal, type Mention, plainObject, richText } from './words.ts'

/** One line of the home page: an operation, a request. */
export interface HomeLine {
  readonly tone: Card['tone']
  readonly title: string
  /** Who, when, in which state. */
  readonly about?: Text
}

/** Something that waits for this person, with the buttons of its own card. */
export interface HomeDecision extends HomeLine {
  readonly deliveryId: DeliveryId
  readonly planHash?: string
  readonly actions: readonly Action[]
}

export interface HomeData {
  /** Undefined: nobody we know; the page says how that is mended. */
  readonly name: string | undefined
  readonly waiting: readonly HomeDecision[]
  readonly running: readonly HomeLine[]
  readonly mine: readonly HomeLine[]
  readonly recent: readonly HomeLine[]
  /** What this person may do, a line each. */
  readonly may: readonly { readonly what: string; readonly example?: string }[]
  /** When this was true. ISO 8601. */
  readonly at: string
}

const MARKS = { neutral: '▫️', good: '✅', warn: '⚠️', bad: '❌', busy: '⏳' } as const
/** A home page has no attachments: what is left out is found by asking. */
const HERE = '; ask me for them'
const DECISIONS = 12
const LINES = 10
const MAY = 40

/** The App Home of one person. Pure. */
export function homeView(data: HomeData, mention: Mention): HomeView {
  const blocks = data.name === undefined ? stranger() : [...decisions(data, mention), ...rest(data, mention)]
  const at = lines([richText(['As of ', { time: data.at, show: 'relative' }], mention, { italic: true })])
  return { type: 'home', blocks: [...blocks.slice(0, LIMITS.viewBlocks - 1), ...at.blocks] }
}

function stranger(): KnownBlock[] {
  return [
    heading('I do not know you yet'),
    ...lines([
      literal(
        'Send me "help" in a direct message: it says how your account is linked to you. Until then nothing can be done here.',
      ),
    ]).blocks,
  ]
}

function decisions({ waiting }: HomeData, mention: Mention): KnownBlock[] {
  const shown = waiting
    .slice(0, DECISIONS)
    .flatMap((one) => [
      ...lines([lineOf(one, mention)]).blocks,
      ...actionsBlocks({ kind: 'plan', tone: one.tone, title: one.title, blocks: [], actions: one.actions }, one),
      { type: 'divider' as const },
    ])
  const left = waiting.length - DECISIONS
  return [
    heading('Waiting for you'),
    ...(shown.length > 0 ? shown.slice(0, -1) : note('Nothing waits for you.')),
    ...(left > 0 ? note(`… ${left} more. Say "approvals" to see all.`) : []),
  ]
}

function rest({ running, mine, recent, may }: HomeData, mention: Mention): KnownBlock[] {
  return [
    ...list('Running', running, 'Nothing runs.', mention),
    ...list('Asked by you', mine, 'You have asked for nothing lately.', mention),
    ...list('Recent', recent, 'Nothing happened lately.', mention),
    heading('What you may do'),
    ...(may.length === 0 ? note('Nothing yet: ask an admin for a role.') : mayDo(may)),
  ]
}

/** What to say first, as in the answer to "help". */
function mayDo(may: HomeData['may']): readonly KnownBlock[] {
  const all = may
    .slice(0, MAY)
    .map(({ what, example }) => [
      ...(example ? [...literal(example, { code: true }), ...literal(' – ')] : []),
      ...literal(what),
    ])
  const left = may.length - MAY
  return [...bullets(all, HERE).blocks, ...(left > 0 ? note(`… ${left} more: say "help".`) : [])]
}

function list(title: string, all: readonly HomeLine[], none: string, mention: Mention): KnownBlock[] {
  const more = all.length - LINES
  const shown = all.slice(0, LINES).map((one) => lineOf(one, mention))
  const left = more > 0 ? [literal(`… ${more} more: say "operations".`, { italic: true })] : []
  return [heading(title), ...(shown.length > 0 ? lines([...shown, ...left], HERE).blocks : note(none))]
}

function lineOf({ tone, title, about }: HomeLine, mention: Mention) {
  return [
    ...literal(`${MARKS[tone]} `),
    ...literal(cutTo(title, LIMITS.header), { bold: true }),
    ...(about === undefined ? [] : [...literal('\n'), ...richText(about, mention)]),
  ]
}

const heading = (text: string): KnownBlock => ({ type: 'header', text: plainObject(text, LIMITS.header) })
const note = (text: string): readonly KnownBlock[] => lines([literal(text, { italic: true })]).blocks
