import type { Card } from '../../../core/card.ts'
import type { Logger } from '../../../core/ports/logger.ts'
import type { OutgoingMessage } from '../../../core/ports/surface.ts'
import { cutTo } from '../render/limits.ts'
import { safeLine } from '../render/words.ts'
import { isDirectMessage, type Place } from '../thread-key.ts'
import { call } from '../web-client.ts'
import type { Workspace } from '../workspaces.ts'

/** Slack says it in one line after our name, and takes it away by itself after two minutes. */
const LENGTH = 90
const AGAIN_MS = 60_000
const MOST_KEPT = 1_000

/** Says in a direct thread what we are at, for as long as its card is busy. Never throws, and is waited for by nobody: the card says it too. */
export type ShowStatus = (message: OutgoingMessage, place: Place, workspace: Workspace) => void

export function createStatus({ log }: { readonly log: Logger }): ShowStatus {
  /** What a thread was told last, and when. */
  const told = new Map<string, { readonly status: string; readonly at: number }>()
  return (message, { team, channel, threadTs }, workspace) => {
    // Only threads with us alone have one; what waits for a person is not worked at.
    if (!threadTs || !isDirectMessage(channel) || message.operationId === undefined) return
    const key = `${team} ${channel} ${threadTs}`
    const status = !message.final && message.card.tone === 'busy' ? statusOf(message.card) : ''
    const last = told.get(key)
    if (status === (last?.status ?? '') && (status === '' || performance.now() - (last?.at ?? 0) < AGAIN_MS)) return
    told.delete(key)
    if (status !== '') told.set(key, { status, at: performance.now() })
    for (const oldest of told.keys()) {
      if (told.size <= MOST_KEPT) break
      told.delete(oldest)
    }
    const { threads } = workspace.web.assistant
    call('assistant.threads.setStatus', () =>
      threads.setStatus({ channel_id: channel, thread_ts: threadTs, status }),
    ).catch((error: unknown) => log.debug({ err: error }, 'the status of a conversation could not be shown'))
  }
}

/** `is at it: 2 of 3 pods are new`. Without brackets no markup lives in it, wherever Slack shows it. */
function statusOf({ blocks, title }: Card): string {
  const progress = blocks.flatMap((block) => (block.type === 'progress' ? [block.text] : []))
  const says = safeLine(progress[0] ?? title)
    .replaceAll('<', '‹')
    .replaceAll('>', '›')
  return cutTo(`is at it: ${says}`, LENGTH)
}
