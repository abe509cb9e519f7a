import type { FileRef } from '../../../core/card.ts'
import type { Logger } from '../../../core/ports/logger.ts'
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
  /** Attaches what a card could not show, once for each delivery. Never throws: the card stands without it. */
  attach(target: Target, files: readonly FileRef[]): Promise<void>
}

const MOST_KEPT = 5_000

export function createAttachments(options: {
  /** Resolves when one more message may go to the channel. */
  readonly place: (team: string, channel: string) => Promise<void>
  readonly log: Logger
}): Attachments {
  const attached = new Set<string>()
  const remember = (key: string) => {
    attached.add(key)
    for (const oldest of attached) {
      if (attached.size <= MOST_KEPT) break
      attached.delete(oldest)
    }
  }

  async function attach(target: Target, file: FileRef): Promise<void> {
    const { deliveryId, workspace, channel, threadTs, createdAt } = target
    const key = `${deliveryId} ${file.name}`
    if (attached.has(key)) return
    // Another process, or this one before it ended, may have done it.
    if (await hasFile(workspace, { channel, threadTs }, file.name, createdAt)) return remember(key)
    await options.place(workspace.teamId, channel)
    const content = Buffer.from(file.content)
    const upload = { channel_id: channel, thread_ts: threadTs, filename: file.name, title: file.name, file: content }
    await call('files.completeUploadExternal', () => workspace.web.files.uploadV2(upload))
    remember(key)
  }

  return {
    async attach(target, files) {
      for (const file of files) {
        try {
          await attach(target, file)
        } catch (error) {
          options.log.warn(
            { err: error, deliveryId: target.deliveryId, file: file.name },
            'a file could not be attached',
          )
        }
      }
    },
  }
}
