import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import { Pacer } from '../../../bot/slack/send/pacer.ts'
import { createSlackSurface } from '../../../bot/slack/send/surface.ts'
import { createWorkspaces } from '../../../bot/slack/workspaces.ts'
import type { Card, StepLine } from '../../../core/card.ts'
import { newDeliveryId, type OperationId, type ThreadId } from '../../../core/ids.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import type { OutgoingMessage, Surface } from '../../../core/ports/surface.ts'
import { quietDeps } from './quiet-deps.ts'
import { BOT } from './seed.ts'
import { Town } from './town.ts'

const OPERATION = 'op-7f3k9m2q' as OperationId

/** Of the file that calls `useTown`. */
export let town: Town

/** A town for all tests of a file; what was called and how late it was is forgotten before each. */
export function useTown(): void {
  beforeAll(async () => {
    town = await Town.open()
  })
  afterAll(() => town.close())
  beforeEach(() => {
    town.front.calls.length = 0
    town.streams.now = () => Date.now()
  })
}

export const calls = (method: string) => town.front.of(method)

export function workspacesOf(town: Town) {
  // The surface asks the people for accounts only; no store is needed.
  const { people } = quietDeps({} as Parameters<typeof quietDeps>[0])
  const of = { botToken: BOT.token, home: undefined, api: town.api, log: silentLogger, people }
  return createWorkspaces({ ...of, installed: async () => undefined })
}

/** A process that sends: what it knows is what `ref` says, and what it did itself. */
export function aProcess(town: Town) {
  const deps = { workspaces: workspacesOf(town), pacer: new Pacer(() => 0), log: silentLogger }
  return createSlackSurface({ ...deps, requester: async () => undefined })
}

const steps = (...states: StepLine['state'][]): StepLine[] =>
  states.map((state, at) => ({ name: ['Set the replicas', 'Wait for the pods'][at] ?? 'More', state }))
const card = (more: Partial<Card>, ...states: StepLine['state'][]): Card => ({
  ...{ kind: 'progress', tone: 'busy', title: 'Scale cart to 6 in production', subtitle: 'Running' },
  blocks: [{ type: 'steps', steps: steps(...states) }],
  operationId: OPERATION,
  ...more,
})
export const says = (text: string, ...states: StepLine['state'][]): Card => {
  const { blocks, ...rest } = card({}, ...states)
  return { ...rest, blocks: [...blocks, { type: 'progress', fraction: 0.5, text }] }
}
export const PLAN = card({ kind: 'plan', tone: 'neutral' }, 'todo', 'todo')
export const DONE = card({ kind: 'result', tone: 'good', subtitle: 'Succeeded' }, 'done', 'done')

/** From now on calls of these methods are answered so; returns what ends it. */
export function refusing(town: Town, answer: { status?: number; body: object }, ...methods: string[]): () => void {
  const instead: Town['front']['instead'][number] = ({ method }) => (methods.includes(method) ? answer : undefined)
  town.front.instead.unshift(instead)
  return () => void town.front.instead.splice(town.front.instead.indexOf(instead), 1)
}

/** What somebody said to us alone or in a channel, and the operation's card in that thread. */
export async function asked(town: Town, surface: Surface, where: 'direct' | 'prod' = 'direct') {
  const channel = where === 'direct' ? await town.direct('mira') : town.channel(where)
  const { ts } = await town.call('xoxp-mira', 'chat.postMessage', { channel, text: 'scale cart to 6' })
  const thread = String(ts)
  const id = newDeliveryId()
  const message = (shown: Card, more: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
    ...{ deliveryId: id, threadId: 'th-1' as ThreadId, threadKey: `${town.team}:${channel}:${thread}` },
    ...{ operationId: OPERATION, card: shown, revision: 1, final: shown.kind === 'result' },
    ...{ createdAt: new Date(), updatedAt: new Date() },
    ...more,
  })
  let { ref } = await surface.post(message(PLAN))
  return {
    channel,
    get ref() {
      return ref
    },
    set ref(kept: string) {
      ref = kept
    },
    message,
    place: { team: town.team, channel, threadTs: thread },
    /** One more revision, by a process. */
    async shows(shown: Card, by = surface) {
      ref = (await by.update({ ...message(shown), ref }))?.ref ?? ref
    },
    ours: async () => (await town.thread(thread, channel)).filter(({ user }) => user === BOT.userId),
    /** The stream as people see it: its title, and its steps. */
    async seen() {
      const [, stream, ...more] = (await this.ours()).map(({ blocks: [plan] = [] }) =>
        plan?.type === 'plan' ? [plan.title, ...(plan.tasks ?? []).map((task) => `${task.title}, ${task.status}`)] : [],
      )
      expect(more).toEqual([])
      return stream
    },
  }
}
