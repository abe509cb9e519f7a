import { z } from 'zod'
import { hiddenIn } from '../../../../bench/prove/fuzz/hostile.ts'
import type { Progress } from '../../../../bot/slack/render/progress.ts'
import { chunksSince, plainProgress, planBlock } from '../../../../bot/slack/render/progress.ts'
import { faultsInText } from './what-lives.ts'

/**
 * What a stream takes, by https://docs.slack.dev/messaging/sending-and-scheduling-messages#text-streaming; that its texts end at 256 characters is
 * Microsoft's and others' word for it (@microsoft/agents-hosting-extensions-slack, vellum-ai/vellum-assistant#37146).
 */
const Words = z.string().min(1).max(256)
const Status = z.enum(['pending', 'in_progress', 'complete', 'error'])
const Chunks = z.array(
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('plan_update'), title: Words }),
    z.strictObject({ type: z.literal('task_update'), id: z.string().min(1), title: Words, status: Status }),
  ]),
)
const unique = <One extends { readonly task_id: string }>(tasks: readonly One[]) =>
  new Set(tasks.map(({ task_id: id }) => id)).size === tasks.length
// blocks/plan-block, blocks/task-card-block
const Plan = z.strictObject({
  type: z.literal('plan'),
  title: Words,
  tasks: z
    .array(z.strictObject({ type: z.literal('task_card'), task_id: z.string().min(1), title: Words, status: Status }))
    .max(50)
    .refine(unique, 'one task_id twice'),
})

/** What is wrong with the steps of a card as Slack gets them: as a stream, as a message that is edited, and in words. */
export function faultsInProgress(progress: Progress): string[] {
  const chunks = chunksSince(undefined, progress)
  const refused = [Chunks.safeParse(chunks), Plan.safeParse(planBlock(progress))].flatMap(({ error }) =>
    (error?.issues ?? []).map(({ message, path }) => `it would be refused: ${message} at ${path.join('/')}`),
  )
  // Slack does not say whether markup lives in them.
  const faults = [progress, ...progress.tasks].flatMap(({ title }) => [
    ...(/[<>]/.test(title) ? [`brackets in "${title.slice(0, 60)}"`] : []),
    ...(hiddenIn(title) ? [`${hiddenIn(title)} in a title`] : []),
    ...(title.isWellFormed() ? [] : ['half a character in a title']),
  ])
  return [...refused, ...faults, ...faultsInText(plainProgress(progress))]
}
