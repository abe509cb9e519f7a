import type { Logger } from '../../../core/ports/logger.ts'
import type { OutgoingMessage } from '../../../core/ports/surface.ts'
import type { Place } from '../thread-key.ts'
import type { Workspace } from '../workspaces.ts'
import type { Pacer } from './pacer.ts'
import { createStatus } from './status.ts'
import { createStreams } from './streams.ts'

/** Where a card is, and the stream of its operation's steps. */
export interface Shown {
  readonly channel: string
  readonly ts: string
  readonly stream?: string | undefined
}

/** A card's `ref`: `D012:1700000000.000100`, with the stream's `ts` behind it where there is one. */
export const refOf = ({ channel, ts, stream }: Shown): string =>
  [channel, ts, ...(stream === undefined ? [] : [stream])].join(':')

export function shownFrom(ref: string): Shown | undefined {
  const [channel, ts, stream] = ref.split(':')
  return channel && ts ? { channel, ts, stream } : undefined
}

export interface ProgressBeside {
  /**
   * Says how far an operation is beside its card, where somebody talks with us alone: in a stream of its steps, or in the thread's status where the
   * workspace has no streams. Returns where both are. Throws where a stream's last word is still to be said.
   */
  show(message: OutgoingMessage, place: Place, workspace: Workspace, at: Shown): Promise<Shown>
  /** Sees to what another process began. */
  goOn(message: OutgoingMessage, place: Place, workspace: Workspace, at: Shown): void
  /** This process posted the card just now, for the first time. */
  isNew(message: OutgoingMessage): void
  /** Another process sends from now on. */
  leave(): void
}

export function createProgressBeside(options: { readonly pacer: Pacer; readonly log: Logger }): ProgressBeside {
  const { pacer, log } = options
  const showStatus = createStatus({ log })
  const { show, goOn, isNew, leave } = createStreams({
    log,
    mayEdit: (team, channel, isLastWord) => pacer.wait({ team, channel, method: 'chat.update', isLastWord }) === 0,
  })
  return {
    isNew,
    leave,
    goOn(message, place, workspace, { stream }) {
      if (stream !== undefined && !message.final) goOn(message, place, workspace, stream)
    },
    async show(message, place, workspace, at) {
      const stream = await show(message, place, workspace, at.stream)
      if (stream === undefined) showStatus(message, place, workspace)
      return { ...at, stream }
    },
  }
}
