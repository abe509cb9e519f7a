import { setTimeout as delay } from 'node:timers/promises'
import type { FileRef } from '../../../core/card.ts'
import { UpstreamError } from '../../../core/errors.ts'
import type { Logger } from '../../../core/ports/logger.ts'
import { createLanes } from '../../conversation/lanes.ts'
import { retryDelayMs } from '../../deliver/back-off.ts'
import { call } from '../web-client.ts'
import type { Workspace } from '../workspaces.ts'
import { hasFile } from './find.ts'

interface Target {
  readonly deliveryId: string
  readonly workspace: Workspace
  readonly channel: string
  /** The thread of the card, or the card itself. */
  readonly threadTs: string
  readonly createdAt: Date
}

export interface Attachments {
  /**
   * Attaches what a card could not show, once for each delivery, behind the cards: no card waits for a file. Never throws: the card stands
   * without it.
   */
  attach(target: Target, files: readonly FileRef[]): void
  /** Takes nothing more up; what is under way has this long. The rest is for whoever sends next. */
  close(withinMs: number): Promise<void>
}

const MOST_KEPT = 5_000
const CONCURRENT = 4
const TRIES = 5

export function createAttachments(options: {
  /** Milliseconds until one more message may go to the channel; 0 takes the place. */
  readonly pace: (team: string, channel: string) => number
  readonly log: Logger
}): Attachments {
  const { log } = options
  const attached = new Set<string>()
  const waiting = new Set<string>()
  const stop = new AbortController()
  const lanes = createLanes(CONCURRENT, (error) => log.error({ err: error }, 'a file could not be looked after'))
  const remember = (key: string) => {
    attached.add(key)
    for (const oldest of attached) {
      if (attached.size <= MOST_KEPT) break
      attached.delete(oldest)
    }
  }

  async function attachOnce({ workspace, channel, threadTs, createdAt }: Target, file: FileRef): Promise<void> {
    // Another process, or this one before it ended, may have done it; so may a try whose answer was lost.
    if (await hasFile(workspace, { channel, threadTs }, file.name, createdAt)) return
    const wait = () => options.pace(workspace.teamId, channel)
    for (let waitMs = wait(); waitMs > 0; waitMs = wait()) await delay(waitMs, undefined, { signal: stop.signal })
    const content = Buffer.from(file.content)
    const upload = { channel_id: channel, thread_ts: threadTs, filename: file.name, title: file.name, file: content }
    await call('files.completeUploadExternal', () => workspace.web.files.uploadV2(upload))
  }

  async function attachAtLast(target: Target, file: FileRef, key: string): Promise<void> {
    for (let tries = 1; !stop.signal.aborted; tries++) {
      try {
        await attachOnce(target, file)
        return remember(key)
      } catch (error) {
        if (stop.signal.aborted) return
        if (!(error instanceof UpstreamError && error.retryable) || tries === TRIES) {
          const fields = { err: error, deliveryId: target.deliveryId, file: file.name }
          return log.warn(fields, 'a file could not be attached')
        }
        await delay(retryDelayMs(error, tries), undefined, { signal: stop.signal }).catch(() => undefined)
      }
    }
  }

  return {
    attach(target, files) {
      for (const file of files) {
        const key = `${target.deliveryId} ${file.name}`
        if (attached.has(key) || waiting.has(key) || stop.signal.aborted) continue
        waiting.add(key)
        lanes.add(`${target.workspace.teamId} ${target.channel}`, () =>
          attachAtLast(target, file, key).finally(() => waiting.delete(key)),
        )
      }
    },
    async close(withinMs) {
      const late = setTimeout(() => stop.abort(), withinMs)
      await lanes.idle()
      clearTimeout(late)
      stop.abort()
    },
  }
}
