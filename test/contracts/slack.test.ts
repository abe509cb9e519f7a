import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProgram } from '../_harness/program.ts'
import { slackConfig } from '../bot/slack/places.ts'
import type { Name } from '../bot/slack/seed.ts'
import { signedPayload } from '../bot/slack/signed.ts'
import { type Message, Town } from '../bot/slack/town.ts'
import { conversationsOn } from './conversations.ts'
import { peopleOn } from './people.ts'
import { wordsOfBlocks } from './slack-words.ts'
import { lookFor, newestOf, type Place, type Seen, shown, type Talker } from './talker.ts'

/** In a thread of a channel: its messages, and what is shown to one of its people only. */
conversationsOn('slack', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-contracts-'))
  const town = await Town.open()
  const people = peopleOn('slack', (person) => town.id(person as Name)) // the example's people are in the town's seed
  const names = new Map(Object.entries(people).map(([id, { name }]) => [town.id(id as Name), name]))
  return {
    config: { slack: slackConfig(town, folder).slack, people },
    open: async (q) => openSlack(q, town, names),
    async close() {
      await town.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
})

interface SlackSeen extends Seen {
  readonly posted: Message
}

interface Thread {
  ts?: string
}

function openSlack(q: TestProgram, town: Town, names: ReadonlyMap<string, string>): Place {
  let thread: Thread = {}
  return {
    q,
    async elsewhere() {
      thread = {}
    },
    async as(person) {
      town.program = q.address
      return slackTalker(person as Name, town, thread, names) // the example's people are in the town's seed
    },
    async close() {},
  }
}

function slackTalker(person: Name, town: Town, thread: Thread, names: ReadonlyMap<string, string>): Talker {
  const seenOf = (posted: Message): SlackSeen => ({
    posted,
    message: posted.ts,
    words: wordsOfBlocks(posted.blocks ?? [], names) || posted.text,
    buttons: (posted.blocks ?? []).flatMap(({ elements = [] }) =>
      elements.flatMap(({ type, text }) => (type === 'button' && text ? [text.text] : [])),
    ),
  })
  /** What Slack shows to this person only; it keeps none of it. */
  const whispers = () =>
    town.front
      .of('chat.postEphemeral')
      .filter(({ args }) => args.user === town.id(person) && args.thread_ts === thread.ts)
      .map(({ args }, at) =>
        seenOf({
          ts: `only-${at}`,
          text: args.text ?? '',
          blocks: JSON.parse(args.blocks ?? '[]') as Message['blocks'],
        }),
      )
  const cards = async () => [...(thread.ts ? (await town.thread(thread.ts)).map(seenOf) : []), ...whispers()]
  const known = new Map<string, SlackSeen>()
  const messageOf = ({ message = '' }: Seen): Message => {
    const seen = known.get(message)
    if (!seen) throw new Error(`${person} never saw this card`)
    return seen.posted
  }
  const labelOf = ({ buttons, words }: Seen, button: string): string => {
    const label = buttons.find((one) => one.startsWith(button))
    if (!label) throw new Error(`there is no button "${button}" on:\n${words}`)
    return label
  }
  const told = (path: string, before: number) =>
    lookFor(
      `${person} being told something`,
      () => {
        const reply = town.front.replies.find((one) => one.path === path)?.body.text
        return typeof reply === 'string' ? reply : town.front.of('chat.postEphemeral')[before]?.args.text
      },
      () => JSON.stringify(town.front.replies.slice(-5)),
    )
  /** Clicks, and where that opens a dialog, fills it and sends it. */
  const click = async (seen: Seen, button: string, fill: (label: string) => string): Promise<string> => {
    const dialogs = town.front.of('views.open').length
    const before = town.front.of('chat.postEphemeral').length
    const path = await town.clicks(person, labelOf(seen, button), messageOf(seen))
    const next = await lookFor(
      `an answer to ${person}'s click`,
      () => {
        const view = town.front.of('views.open')[dialogs]?.args.view
        if (view) return { view }
        return town.front.replies.some((one) => one.path === path) ? { view: undefined } : undefined
      },
      () => seen.words,
    )
    if (next.view) await town.post(signedPayload(submitted(town, person, next.view, fill)))
    return told(path, before)
  }
  return {
    person,
    async says(text) {
      thread.ts = await town.mentions(person, text, thread.ts ? { thread: thread.ts } : {})
    },
    async sees(words, button) {
      const found = await lookFor(
        `${person} seeing ${words}${button ? ` with the button ${button}` : ''}`,
        async () => newestOf(await cards(), words, button),
        async () => shown(await cards()),
      )
      known.set(found.message ?? '', found)
      return found
    },
    presses: (seen, button, answers) => click(seen, button, () => answers?.reason ?? ''),
    fills: (seen, values) =>
      click(seen, seen.buttons[0] ?? '', (label) => {
        const name = Object.keys(values).find((one) => label.toLowerCase().startsWith(one))
        if (!name) throw new Error(`the dialog asks for "${label}"`)
        return values[name] ?? ''
      }),
  }
}

interface View {
  readonly blocks: readonly {
    readonly type: string
    readonly block_id?: string
    readonly label?: { readonly text: string }
    readonly element?: { readonly type: string; readonly action_id: string }
  }[]
}

/** A dialog as Slack sends it back when it was filled in. */
function submitted(town: Town, person: Name, opened: string, fill: (label: string) => string): object {
  const view = JSON.parse(opened) as View // what the program handed to Slack
  const values = view.blocks
    .filter(({ type }) => type === 'input')
    .map(({ block_id: id = '', label, element }) => {
      const value = fill(label?.text ?? '')
      const state = element?.type.endsWith('_select')
        ? { type: element.type, selected_option: { value } }
        : { type: element?.type, value }
      return [id, { [element?.action_id ?? '']: state }] as const
    })
  return {
    type: 'view_submission',
    team: { id: town.team },
    user: { id: town.id(person) },
    view: { id: `V${Date.now()}`, ...view, state: { values: Object.fromEntries(values) } },
  }
}
