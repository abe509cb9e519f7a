import type { Block } from '../../core/card.ts'
import type { Json } from '../../core/json.ts'
import type { Plan } from '../../core/plan.ts'
import type { PodProblem, RolloutOutcome, Workload, WorkloadRef, Written } from '../../core/ports/cluster.ts'
import type { CompensateReason, Outcome, Probe, Readers, RunContext } from '../../core/skill.ts'
import { sayImage } from './images.ts'

/** Changing which image a workload runs: what `deploy` and `rollback` share. */
export interface Release {
  readonly ref: WorkloadRef
  readonly says: string
  readonly fromImage: string
  readonly toImage: string
  readonly fromVersion: string
  readonly toVersion: string
}

export const RELEASE_STEPS = ['set image', 'follow the rollout'] as const

/** The blocks that show why a rollout failed: the sentence, then the last log lines as a marked quotation. */
export function problemBlocks(problem: PodProblem, also: readonly PodProblem[] = []): Block[] {
  const blocks: Block[] = [{ type: 'note', tone: 'bad', text: problem.says }]
  if (problem.lastLogs?.length) {
    blocks.push({
      type: 'quote',
      source: `last log lines of ${problem.pod ?? 'the pod'}`,
      text: problem.lastLogs.join('\n'),
    })
  }
  for (const other of also.slice(0, 3)) blocks.push({ type: 'text', text: other.says })
  return blocks
}

export async function runRelease(release: Release, ctx: RunContext): Promise<Outcome> {
  const written = await setImage('set image', release.fromImage, release.toImage, release.toVersion, release, ctx)
  const rollout = await follow('follow the rollout', written.generation, release, ctx)
  if (rollout.done) {
    const seen = await ctx.observe('check what runs', async (read) => (await read.cluster.workload(release.ref)).image)
    if (seen === release.toImage)
      return { ok: true, says: `${release.says} runs ${release.toVersion}. ${rollout.says}` }
    return { ok: false, says: `${release.says} runs ${sayImage(seen)}, which somebody else set meanwhile.` }
  }
  return { ok: false, says: rollout.problem.says, evidence: problemBlocks(rollout.problem, rollout.also) }
}

/** Back to the image that ran before, unless somebody else changed it meanwhile. */
export async function putBackRelease(release: Release, ctx: RunContext, why: CompensateReason): Promise<Outcome> {
  const evidence = why.kind === 'failed' ? why.evidence : []
  const reason = why.kind === 'failed' ? ` ${why.says}` : ''
  const now = await ctx.observe('see what runs', async (read) => (await read.cluster.workload(release.ref)).image)
  if (now === release.fromImage && now !== release.toImage) {
    return {
      ok: true,
      says: `${release.says} still runs ${release.fromVersion}; nothing had to be put back.${reason}`,
      evidence,
      undo: null,
    }
  }
  if (now !== release.toImage) {
    const says = `${release.says} runs ${sayImage(now)}, which somebody else set meanwhile, so it was left alone.${reason}`
    return { ok: true, says, evidence, undo: null }
  }
  const written = await setImage(
    'put the image back',
    release.toImage,
    release.fromImage,
    release.fromVersion,
    release,
    ctx,
  )
  const rollout = await follow('follow the way back', written.generation, release, ctx)
  if (rollout.done)
    return { ok: true, says: `${release.says} is back on ${release.fromVersion}.${reason}`, evidence, undo: null }
  return {
    ok: false,
    says: `${release.says} was set back to ${release.fromVersion}, but it is not well: ${rollout.problem.says}`,
    evidence: [...evidence, ...problemBlocks(rollout.problem, rollout.also)],
    undo: null,
  }
}

async function setImage(
  step: string,
  fromImage: string,
  toImage: string,
  version: string,
  release: Release,
  ctx: RunContext,
): Promise<Pick<Written, 'generation'>> {
  return ctx.step(step, {
    do: async (write, mark) => {
      const change = { image: toImage, version, expectImage: fromImage, ...mark }
      const { generation } = await write.cluster.setImage(release.ref, change)
      return { generation }
    },
    // An image that is neither ours nor the expected one means that a repeated write would be refused: safe to ask again.
    probe: async (read) =>
      happenedIf(
        await read.cluster.workload(release.ref),
        (seen) => seen.image === toImage && seen.lastOperation === ctx.operation,
      ),
    callOff: (write, mark) => write.cluster.callOff(release.ref, mark),
  })
}

/** The write happened when the workload looks so and bears our operation's mark. */
export function happenedIf(workload: Workload, is: (workload: Workload) => boolean): Probe<{ generation: number }> {
  return is(workload) ? { happened: true, result: { generation: workload.generation } } : { happened: false }
}

export async function follow(
  name: string,
  generation: number,
  place: { ref: WorkloadRef },
  ctx: RunContext,
): Promise<RolloutOutcome> {
  const outcome = await ctx.observe(name, async (read: Readers, { signal, progress }) => {
    const onProgress = (at: { desired: number; available: number; updated: number; says: string }) =>
      progress(at.says, at.desired === 0 ? 1 : Math.min(at.updated, at.available) / at.desired)
    // The ledger keeps JSON; a rollout outcome is JSON by construction.
    return (await read.cluster.followRollout(place.ref, { generation, signal, onProgress })) as unknown as Json
  })
  return outcome as unknown as RolloutOutcome
}

/** Reads a release back out of an approved plan: its first change is the image's. */
export function releaseOf(plan: Plan): Release {
  const [image, version] = plan.changes
  const target = plan.targets[0]
  if (!image || !version || !target?.service || !target.environment)
    throw new Error(`plan of ${plan.skill} lacks its image change`)
  return {
    ref: { service: target.service, environment: target.environment },
    says: image.target,
    fromImage: String(image.from),
    toImage: String(image.to),
    fromVersion: String(version.from),
    toVersion: String(version.to),
  }
}
