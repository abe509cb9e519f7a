import type { Json } from '../../core/json.ts'
import type { SpokenSkill } from '../../core/skill.ts'
import { takeKeyed } from './command-keys.ts'
import { cutMessage, joinPhrases, takeRange } from './command-pieces.ts'
import { acceptsAs } from './command-values.ts'
import type { Draft, Said } from './draft.ts'
import { type Parameter, parametersOf } from './parameters.ts'
import { slotContextOf } from './slot-context.ts'
import type { Known } from './slots.ts'
import { splitWords, type Word } from './words.ts'

/** Positional words beyond this are a sentence, not a command. */
const MOST_WORDS = 8
/** Keys, reasons and variables take more; a text longer than this is none of our commands. */
const MOST_TYPED = 200

/**
 * Reads the command form of one skill: its name, then its values in the order of its schema, with `to`, `in`, `for`, `until`, `because`
 * where they belong, and `key=value` or `--key value` anywhere. Exactly, or not at all: one word more, and it is no command.
 */
export function readCommand(text: string, skill: SpokenSkill, known: Known): Draft | undefined {
  const all = splitWords(text)
  const name = skill.name.toLowerCase()
  if (all[0]?.lower !== name || all[0].quoted || /[,;:?!]/.test(all[0].after.slice(0, 1))) return undefined
  const parameters = parametersOf(skill)
  const { words, told } = cutMessage(all, parameters)
  // A question or a second sentence is not the command form.
  if (words.some((word, index) => /[?!;]/.test(word.after) || (/[.:]/.test(word.after) && index < words.length - 1)))
    return undefined
  if (words.length > MOST_TYPED) return undefined
  const here = { ...known, ahead: slotContextOf(skill).has('ahead') }
  const range = takeRange(words.slice(1), parameters)
  const keyed = takeKeyed(range.rest, parameters, here)
  const before = { ...told, ...range.said }
  if (!keyed || Object.keys(before).some((said) => keyed.said[said])) return undefined
  const open = parameters.filter((parameter) => !keyed.said[parameter.name] && !before[parameter.name])
  const lists = joinLists(joinPhrases(keyed.rest, open, here))
  if (lists.length > MOST_WORDS) return undefined
  const placed = place(lists, open, here)
  if (!placed) return undefined
  const draft: Record<string, Said> = { ...before, ...keyed.said, ...placed.said }
  const complete = parameters.every((parameter) => parameter.optional || draft[parameter.name])
  // A name nobody knows is a slip of the pen in a whole command; in half of one the words may mean something else.
  if (placed.strange > 0 && (!complete || (placed.sure === 0 && keyed.count === 0 && Object.keys(before).length === 0)))
    return undefined
  return draft
}

/** One positional value: a word, or several joined by commas. */
interface Piece {
  readonly parts: readonly Word[]
  /** The little word in front of it: `to`, `in`, `as`. */
  readonly marker: string
}

const MARKERS: ReadonlySet<string> = new Set(['to', 'in', 'on', 'at', 'into', 'onto', 'as', 'for', 'of', '@', '->'])

function joinLists(words: readonly Word[]): readonly Piece[] {
  const pieces: Piece[] = []
  let marker = ''
  let list = false
  for (const word of words) {
    if (!word.quoted && MARKERS.has(word.lower) && !word.after) {
      marker = word.lower
      continue
    }
    const last = pieces.at(-1)
    if (list && last && !marker) pieces[pieces.length - 1] = { ...last, parts: [...last.parts, word] }
    else pieces.push({ parts: [word], marker })
    list = word.after === ','
    marker = ''
  }
  // A little word with nothing behind it stays unexplained.
  if (marker) pieces.push({ parts: [], marker })
  return pieces
}

interface Placed {
  readonly said: Readonly<Record<string, Said>>
  readonly cost: number
  /** Values that can be nothing else. */
  readonly sure: number
  /** Names that the catalog does not know. */
  readonly strange: number
}

const NOTHING: Placed = { said: {}, cost: 0, sure: 0, strange: 0 }

/** Gives each piece to a parameter that takes it, all of them or none; cheapest is nearest to the schema's order. */
function place(pieces: readonly Piece[], open: readonly Parameter[], known: Known): Placed | undefined {
  const [piece, ...rest] = pieces
  if (!piece) return NOTHING
  let top: Placed | undefined
  open.forEach((parameter, index) => {
    const fit = fits(piece, parameter, known)
    if (!fit) return
    const others = place(
      rest,
      open.filter((one) => one !== parameter),
      known,
    )
    if (!others) return
    // Passing over earlier parameters costs a little, so that equal kinds fill in order.
    const cost = fit.cost + index * 0.1 + others.cost
    if (top && top.cost <= cost) return
    top = {
      said: { ...others.said, [parameter.name]: { value: fit.value } },
      cost,
      sure: others.sure + (fit.cost === 0 ? 1 : 0),
      strange: others.strange + (fit.strange ? 1 : 0),
    }
  })
  return top
}

const MARKED_KINDS: Readonly<Record<string, readonly string[]>> = {
  to: ['environment', 'replicas', 'version', 'person', 'choice', 'account', 'number', 'channel', 'money'],
  in: ['environment', 'scope', 'channel', 'period'],
  on: ['environment', 'channel', 'schedule'],
  at: ['environment', 'version', 'replicas', 'schedule', 'money'],
  for: ['service', 'scope', 'environment', 'period'],
  of: ['service', 'scope', 'money'],
  into: ['environment'],
  onto: ['environment'],
  as: ['choice'],
  '@': ['version', 'environment'],
  '->': ['version', 'environment', 'replicas'],
}

function fits(
  piece: Piece,
  parameter: Parameter,
  known: Known,
): { value: Json; cost: number; strange: boolean } | undefined {
  if (piece.marker && !MARKED_KINDS[piece.marker]?.includes(parameter.kind)) return undefined
  if (piece.parts.length > 1 && parameter.kind !== 'service' && parameter.kind !== 'environment') return undefined
  const found = piece.parts.map((word) => acceptsAs(parameter, word, known, piece.marker))
  if (found.length === 0 || found.includes(undefined)) return undefined
  const accepted = found.filter((one) => one !== undefined)
  return {
    value: accepted.length === 1 ? (accepted[0]?.value ?? null) : accepted.map((one) => one.value),
    cost: Math.max(...accepted.map((one) => one.cost)),
    strange: accepted.some((one) => one.strange),
  }
}
