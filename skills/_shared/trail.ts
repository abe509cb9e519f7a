import type { Block, StepLine, Text } from '../../core/card.ts'
import type { RequestTrail } from '../../core/ports/trail.ts'

const READERS = {
  command: 'as a command',
  local: 'by the local reader',
  model: 'by the language model',
  form: 'from a form or a button',
} as const

const at = (date: Date): Text => [{ time: date.toISOString(), show: 'clock' }]
const times = (count: number) => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`)

/** The way of a request as a list: where it came from, how it was read, what it became, and how its cards got out. */
export function trailBlock(trail: RequestTrail): Block {
  const { surface, receivedAt, read, outcome, answeredAt, claims, worker, cards } = trail
  const steps: StepLine[] = [{ name: `Received on ${surface}`, state: 'done', detail: at(receivedAt) }]
  if (read) {
    const sure = read.by === 'local' || read.by === 'model' ? `, ${Math.round(read.confidence * 100)} % sure` : ''
    const what = read.skill ? `Read ${READERS[read.by]}: ${read.skill}${sure}` : `Read ${READERS[read.by]}: no request`
    steps.push({ name: what, state: 'done' })
  }
  if (answeredAt) steps.push({ name: `Answered: ${outcome}`, state: 'done', detail: at(answeredAt) })
  else steps.push({ name: 'Not answered yet', state: 'doing' })
  if (claims > 0) {
    const now = worker ? `, now in the hands of ${worker}` : ''
    steps.push({ name: `Taken by a worker ${times(claims)}${now}`, state: worker ? 'doing' : 'done' })
  }
  return { type: 'steps', steps: [...steps, ...cards.map(cardLine)] }
}

function cardLine({
  surface,
  isPrivate,
  sends,
  failures,
  lastSentAt,
  isDue,
  isGivenUp,
  lastError,
}: RequestTrail['cards'][number]) {
  const kind = isPrivate ? 'Private card' : 'Card'
  const refused = failures > 0 ? `, refused ${times(failures)}` : ''
  const sent = sends > 0 ? `sent ${times(sends)}` : 'not sent yet'
  const waits = isDue ? `; its newest state ${fate(isGivenUp, lastError)}` : ''
  const state = !isDue ? 'done' : lastError ? 'failed' : 'doing'
  const name = `${kind} on ${surface} ${sent}${refused}${waits}`
  return { name, state, ...(lastSentAt ? { detail: at(lastSentAt) } : {}) } satisfies StepLine
}

function fate(isGivenUp: boolean, lastError: string | undefined): string {
  if (!lastError) return 'is on its way'
  return isGivenUp ? `was given up: ${lastError}` : `waits: ${lastError}`
}
