import { setTimeout as pause } from 'node:timers/promises'
import { BOT } from '../../../test/bot/slack/seed.ts'
import { signedPayload } from '../../../test/bot/slack/signed.ts'
import type { Message, Town } from '../../../test/bot/slack/town.ts'
import type { Press } from './chat.ts'
import { delivering } from './slack-delivery.ts'

const TOLD_WITHIN_MS = 15_000
const LOOK_MS = 20

/** A dialog of ours that somebody has before them. */
interface Dialog {
  readonly id: string
  readonly view: {
    readonly blocks: readonly {
      readonly type: string
      readonly block_id?: string
      readonly element?: { readonly type: string; readonly action_id: string }
    }[]
  }
}

export interface PressOptions {
  readonly town: Town
  readonly now: () => number
  readonly ask: (token: string, method: string, args: Record<string, string>) => Promise<Record<string, unknown>>
  /** Slack's address for answers to a click begins with this. */
  readonly replyAt: string
}

/** What a person does at a button in Slack: clicks, writes why where a dialog asks for that, and reads what only they are told. */
export function pressesIn({ town, now, ask, replyAt }: PressOptions) {
  const { front, team } = town
  const dialogs = new Map<string, Dialog>()
  let pressed = 0
  front.also.push(({ method, args }, answer) => {
    if (method !== 'views.open' || answer.ok !== true) return answer
    const { id } = answer.view as { id: string } // as Slack's reference says
    dialogs.set(args.trigger_id ?? '', { id, view: JSON.parse(args.view ?? '{}') })
    return answer
  })
  const triggerOf = async (person: string) =>
    String((await ask(BOT.token, 'views.generateTriggerId', { user_id: town.id(person) })).trigger_id)

  return async (
    person: string,
    { message, channel }: { readonly message: Message; readonly channel: string },
    verb: string,
    reason = '',
  ): Promise<Press | undefined> => {
    const buttons = message.blocks?.flatMap(({ elements = [] }) => elements) ?? []
    const button = buttons.find(({ action_id: id }) => id?.startsWith(`qd:${verb}:`))
    if (!button) return undefined
    const { ts, thread_ts: thread } = message
    const user = town.id(person)
    const number = ++pressed
    const trigger = await triggerOf(person)
    const actionTs = `${Date.now()}.${number}`
    const click = {
      ...{ type: 'block_actions', user: { id: user, team_id: team }, team: { id: team, domain: 'x' } },
      ...{ api_app_id: 'A1', token: 'x', trigger_id: trigger, channel: { id: channel, name: 'c' } },
      container: { type: 'message', message_ts: ts, channel_id: channel, thread_ts: thread, is_ephemeral: false },
      ...{ message, response_url: `${replyAt}${number}` },
      actions: [{ ...button, block_id: 'b', action_ts: actionTs }],
    }
    const path = new URL(click.response_url).pathname
    const clicked = delivering(now, (at) => signedPayload(click, { at }))
    const toldOfClick = () => textOf(front.replies.find((reply) => reply.path === path)?.body.text)
    const whispers = () =>
      front.of('chat.postEphemeral').filter(({ args }) => args.user === user && args.channel === channel)
    let submitted: ((address: string) => Promise<boolean>) | undefined
    return {
      get key() {
        const dialog = dialogs.get(trigger)
        return dialog ? `view:${dialog.id}` : [actionTs, ts, user].join(':')
      },
      async send(address) {
        if (!dialogs.has(trigger)) {
          if (!(await clicked(address))) return undefined
          const came = await comes(() => toldOfClick() ?? dialogs.get(trigger))
          if (came === undefined || typeof came === 'string') return came
        }
        const dialog = dialogs.get(trigger)
        if (!dialog) return undefined
        const filled = {
          type: 'view_submission',
          team: { id: team },
          user: { id: user },
          view: filledIn(dialog, reason),
        }
        submitted ??= delivering(now, (at) => signedPayload(filled, { at }))
        const before = whispers().length
        if (!(await submitted(address))) return undefined
        // A dialog has no address for answers: they are told in the channel.
        return comes(() => textOf(whispers()[before]?.args.text))
      },
    }
  }
}

const textOf = (said: unknown): string | undefined => (typeof said === 'string' ? said : undefined)

/** As Slack sends it back: every field holds what was written. */
function filledIn({ id, view }: Dialog, written: string): object {
  const inputs = view.blocks.filter(({ type }) => type === 'input')
  const values = inputs.map(({ block_id: block = '', element }) => [
    block,
    { [element?.action_id ?? '']: { type: element?.type, value: written } },
  ])
  return { id, ...view, state: { values: Object.fromEntries(values) } }
}

async function comes<Found>(look: () => Found | undefined): Promise<Found | undefined> {
  for (const late = Date.now() + TOLD_WITHIN_MS; Date.now() < late; await pause(LOOK_MS)) {
    const found = look()
    if (found !== undefined) return found
  }
  return undefined
}
