import type { Card, StepLine } from '../../../core/card.ts'
import type { AnyChunk, KnownBlock, PlanBlock } from './kit.ts'
import { cutTo, LIMITS } from './limits.ts'
import { escaped, plainWords, safeLine } from './words.ts'

/** A message has 50 blocks; Slack does not say how many tasks a plan has. */
const MOST_TASKS = 40

type Status = 'pending' | 'in_progress' | 'complete' | 'error'

interface Task {
  readonly id: string
  readonly title: string
  readonly status: Status
}

/** How far an operation is, as Slack's plans say it (https://docs.slack.dev/reference/block-kit/blocks/plan-block). */
export interface Progress {
  /** All that is seen of it until somebody opens it. */
  readonly title: string
  readonly tasks: readonly Task[]
}

const STATUS: Record<StepLine['state'], Status> = {
  todo: 'pending',
  doing: 'in_progress',
  done: 'complete',
  skipped: 'complete',
  failed: 'error',
  unknown: 'error',
}
/** What Slack's four marks do not tell. */
const MORE: Partial<Record<StepLine['state'], string>> = { skipped: 'skipped', unknown: 'unknown how it ended' }

/** What the card of an operation says of its steps; undefined before its run. */
export function progressOf(card: Card): Progress | undefined {
  const steps = card.blocks.flatMap((block) => (block.type === 'steps' ? block.steps : []))
  if (steps.length === 0 || !(card.kind === 'progress' || card.kind === 'result')) return undefined
  const [says = card.title] = card.blocks.flatMap((block) => (block.type === 'progress' ? [block.text] : []))
  const stands = card.subtitle === undefined ? [] : [plainWords(card.subtitle)]
  const tasks = steps.map((step, at) => taskOf(step, `${card.operationId}:${at + 1}`))
  const [shown, more] =
    tasks.length > MOST_TASKS ? [tasks.slice(0, MOST_TASKS - 1), tasks.slice(MOST_TASKS - 1)] : [tasks]
  return { title: titled([...stands, says].join(': ')), tasks: more ? [...shown, inOne(more)] : shown }
}

/** So many are read by nobody; the card has them, and the whole text is attached to it. */
function inOne(tasks: readonly Task[]): Task {
  const worst = (['error', 'in_progress', 'pending'] as const).find((one) => tasks.some(({ status }) => status === one))
  const [first] = tasks
  return { id: first?.id ?? '', title: `${tasks.length} more steps: see the card`, status: worst ?? 'complete' }
}

function taskOf({ name, state, detail }: StepLine, id: string): Task {
  const more = [MORE[state], detail === undefined ? undefined : plainWords(detail)].filter(Boolean)
  return { id, title: titled([name, ...more].join(': ')), status: STATUS[state] }
}

/** Without brackets no markup lives in it, wherever Slack shows it. */
const titled = (text: string): string =>
  cutTo(safeLine(text).trim() || '–', LIMITS.chunk)
    .replaceAll('<', '‹')
    .replaceAll('>', '›')

/**
 * What a stream that was told `before` is to be told now. Titles and states replace what was said; details and outputs would be added to it, so
 * there are none.
 */
export function chunksSince(before: Progress | undefined, now: Progress): AnyChunk[] {
  const told = new Map(before?.tasks.map((task) => [task.id, task]))
  const changed = now.tasks.filter(({ id, title, status }) => {
    const last = told.get(id)
    return last?.title !== title || last.status !== status
  })
  return [
    ...(before?.title === now.title ? [] : [{ type: 'plan_update' as const, title: now.title }]),
    ...changed.map((task) => ({ type: 'task_update' as const, ...task })),
  ]
}

/** The same as a block, for a message that is no stream any more. */
export function planBlock({ title, tasks }: Progress): KnownBlock {
  const cards = tasks.map(({ id, ...task }) => ({ type: 'task_card' as const, task_id: id, ...task }))
  return { type: 'plan', title, tasks: cards } satisfies PlanBlock
}

const WORDS: Record<Status, string> = { pending: 'to do', in_progress: 'under way', complete: 'done', error: 'failed' }

/** The same in words, for notifications and voices. */
export const plainProgress = ({ title, tasks }: Progress): string =>
  escaped([title, ...tasks.map((task) => `${task.title} (${WORDS[task.status]})`)].join('\n'))
