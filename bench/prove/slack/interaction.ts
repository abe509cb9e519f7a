import { SHORTCUT } from '../../../bot/slack/manifest.ts'
import { VIEWS } from '../../../bot/slack/render/modals.ts'
import { type SignedRequest, signedJson, signedPayload } from '../../../test/bot/slack/signed.ts'
import { type Button, type Post, SPEAKER, TEAM, type Workspace } from './workspace.ts'

/** What there should be in the channel in the end: our messages, and the operations that they show. */
interface Expected {
  readonly posts: number
  readonly operations: number
  readonly says: RegExp
}

/** Something that is said, and what is then clicked or filled in, in a channel of its own. */
interface Kind {
  readonly name: string
  says(service: string): string
  /** The button of the card by its verb; without one, the shortcut of messages is used. */
  readonly verb?: 'say' | 'go' | 'undo' | 'answer'
  /** What is filled in where a dialog opens. */
  fills?(service: string): Readonly<Record<string, string>>
  readonly expected: Expected
}

export const KINDS: readonly Kind[] = [
  // A button that says something: its second delivery would be a second request.
  {
    name: 'say',
    says: () => 'help whoami',
    verb: 'say',
    expected: { posts: 2, operations: 0, says: /speaker/ },
  },
  {
    name: 'go',
    says: (service) => `could you please lock ${service} in production`,
    verb: 'go',
    expected: { posts: 1, operations: 1, says: /is locked by/ },
  },
  {
    name: 'undo',
    says: (service) => `lock ${service} in production`,
    verb: 'undo',
    expected: { posts: 2, operations: 2, says: /unlocked/i },
  },
  {
    name: 'choice',
    says: (service) => `lock ${service}`,
    verb: 'answer',
    // The question, closed, and what was asked for.
    expected: { posts: 2, operations: 1, says: /is locked by/ },
  },
  {
    name: 'form',
    says: () => 'lock',
    verb: 'answer',
    fills: (service) => ({ service, environment: 'production' }),
    expected: { posts: 2, operations: 1, says: /is locked by/ },
  },
  {
    name: 'shortcut',
    says: () => 'help',
    fills: () => ({ wish: 'whoami' }),
    expected: { posts: 2, operations: 0, says: /speaker/ },
  },
]
const USER = { id: SPEAKER, team_id: TEAM }
const PLACE = { user: USER, team: { id: TEAM, domain: 'x' }, api_app_id: 'A1', token: 'x' }

/** One interaction, from what is said first to what is delivered again and again. */
export class Interaction {
  readonly channel: string
  readonly service: string
  readonly kind: Kind
  readonly #index: number

  constructor(index: number, kind: Kind) {
    this.#index = index
    this.kind = kind
    this.channel = `CI${String(index).padStart(6, '0')}`
    this.service = serviceNumber(index)
  }

  /** What is said first, which comes once. */
  opening(): SignedRequest {
    const ts = `1700000000.${String(this.#index).padStart(6, '0')}`
    const text = `<@U0QUARTERDECK> ${this.kind.says(this.service)}`
    const event = { type: 'app_mention', text, user: SPEAKER, ts, channel: this.channel }
    return signedJson({ type: 'event_callback', team_id: TEAM, api_app_id: 'A1', event_id: `Evi${this.#index}`, event })
  }

  /** Whether the card is there on which it is clicked. */
  isReady(workspace: Workspace): boolean {
    const { verb } = this.kind
    return workspace.postsIn(this.channel).some((post) => !verb || buttonOn(post, verb))
  }

  /** A click that opens the dialog, which comes once too; undefined where there is none. */
  opens(workspace: Workspace): SignedRequest | undefined {
    const { fills, verb } = this.kind
    if (!fills) return undefined
    if (verb) return signedPayload(this.#click(workspace, 'opens'))
    const [message] = workspace.postsIn(this.channel)
    const channel = { id: this.channel, name: 'proved' }
    const about = { message: { ...message, user: SPEAKER }, channel, trigger_id: this.#trigger, response_url: '' }
    return signedPayload({ ...PLACE, ...about, type: 'message_action', callback_id: SHORTCUT })
  }

  isOpen(workspace: Workspace): boolean {
    return !this.kind.fills || workspace.dialogOf(this.#trigger) !== undefined
  }

  /** What is delivered several times: the body is the same every time. */
  delivered(workspace: Workspace): object {
    const { fills } = this.kind
    if (!fills) return this.#click(workspace, 'counts')
    const dialog = workspace.dialogOf(this.#trigger)
    if (!dialog) throw new Error(`No dialog was opened in ${this.channel}.`)
    // A form's fields are named so by the dialog (bot/slack/render/modals.ts).
    const prefix = dialog.callback_id === VIEWS.form ? 'f:' : ''
    const values = Object.fromEntries(
      Object.entries(fills(this.service)).map(([name, value]) => [`${prefix}${name}`, { typed: { value } }]),
    )
    return { ...PLACE, type: 'view_submission', trigger_id: 'x', view: { ...dialog, type: 'modal', state: { values } } }
  }

  get #trigger(): string {
    return `open.${this.#index}`
  }

  #click(workspace: Workspace, what: 'opens' | 'counts'): object {
    const verb = this.kind.verb ?? 'say'
    const post = workspace.postsIn(this.channel).find((one) => buttonOn(one, verb))
    const button = post && buttonOn(post, verb)
    if (!post || !button) throw new Error(`There is no button "${verb}" in ${this.channel}.`)
    return {
      ...{ ...PLACE, type: 'block_actions', trigger_id: what === 'opens' ? this.#trigger : `click.${this.#index}` },
      channel: { id: this.channel, name: 'proved' },
      container: { type: 'message', message_ts: post.ts, channel_id: this.channel, is_ephemeral: false },
      response_url: `${workspace.front.url}/reply/${this.#index}`,
      actions: [{ type: 'button', block_id: 'b', action_ts: `${1_700_000_000 + this.#index}.000100`, ...button }],
    }
  }
}

const buttonOn = ({ buttons }: Post, verb: string): Button | undefined =>
  buttons.find(({ action_id: id }) => id.startsWith(`qd:${verb}:`))

/** So many are tried together, each with a service of its own: what one locks is not in another's way. */
export const AT_ONCE = 40

export const serviceNumber = (index: number): string => `shop-${String(index % AT_ONCE).padStart(2, '0')}`
