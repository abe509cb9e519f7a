import { type ApiCall, Front } from '../../../test/bot/slack/front.ts'

export const TEAM = 'T0PROVED'
export const SPEAKER = 'U0SPEAKER'
const BOT = { user: 'U0QUARTERDECK', bot: 'B0QUARTERDECK' }

export interface Button {
  readonly action_id: string
  readonly value: string
}

/** A message of ours, as it stands there. */
export interface Post {
  readonly ts: string
  readonly text: string
  readonly metadata: unknown
  readonly buttons: readonly Button[]
}

/** A dialog of ours that somebody was shown. */
interface Dialog {
  readonly id: string
  readonly callback_id: string
  readonly private_metadata: string
}

/** The Web API of a workspace with any number of channels, where everybody is a member: it keeps what is posted, and finds it again. */
export class Workspace {
  readonly front = new Front('http://127.0.0.1:9')
  readonly #posts = new Map<string, Post[]>()
  readonly #dialogs = new Map<string, Dialog>()
  #count = 0

  static async open(): Promise<Workspace> {
    const workspace = new Workspace()
    workspace.front.instead.push((call) => {
      // It is asked for longer than its memory should grow.
      workspace.front.calls.length = 0
      return { body: workspace.#answer(call) }
    })
    await workspace.front.listen()
    return workspace
  }

  get api(): string {
    return `${this.front.url}/api/`
  }

  /** What was posted in a channel, by us. */
  postsIn(channel: string): readonly Post[] {
    return this.#posts.get(channel) ?? []
  }

  /** The dialog that was opened with a trigger. */
  dialogOf(trigger: string): Dialog | undefined {
    return this.#dialogs.get(trigger)
  }

  close(): Promise<void> {
    return this.front.close()
  }

  #answer({ method, args }: ApiCall): object {
    const { channel = '', ts = '' } = args
    const posts = this.#posts.get(channel) ?? []
    switch (method) {
      case 'auth.test':
        return { ok: true, team_id: TEAM, user_id: BOT.user, bot_id: BOT.bot }
      case 'apps.connections.open':
        return { ok: true, url: `${this.front.url.replace('http', 'ws')}/link` }
      case 'users.info':
        return { ok: true, user: { id: args.user, team_id: TEAM, is_email_confirmed: true } }
      case 'chat.postMessage': {
        const at = `${Math.floor(Date.now() / 1_000)}.${String(++this.#count).padStart(6, '0')}`
        this.#posts.set(channel, [...posts, postOf(at, args)])
        return { ok: true, ts: at, channel }
      }
      case 'chat.update': {
        const edited = posts.map((post) => (post.ts === ts ? postOf(ts, args) : post))
        this.#posts.set(channel, edited)
        return { ok: true, ts, channel }
      }
      case 'views.open': {
        const { callback_id, private_metadata } = JSON.parse(args.view ?? '{}')
        const id = `V${++this.#count}`
        this.#dialogs.set(args.trigger_id ?? '', { id, callback_id, private_metadata })
        return { ok: true, view: { id } }
      }
      case 'conversations.history':
      case 'conversations.replies':
        return { ok: true, messages: posts.map((post) => ({ ...post, user: BOT.user, bot_id: BOT.bot })) }
      default:
        return method.startsWith('chat.') || method.startsWith('assistant.') || method.startsWith('views.')
          ? { ok: true, ts, channel }
          : { ok: false, error: 'unknown_method' }
    }
  }
}

interface Sent {
  readonly type: string
  readonly elements?: readonly (Button & { readonly type: string })[]
}

function postOf(ts: string, { text = '', metadata = 'null', blocks = '[]' }: ApiCall['args']): Post {
  // Blocks as we sent them: only those of actions have buttons.
  const sent = JSON.parse(blocks) as readonly Sent[]
  const buttons = sent.flatMap(({ type, elements = [] }) => (type === 'actions' ? elements : []))
  return { ts, text, metadata: JSON.parse(metadata), buttons }
}
