import type { FileRef } from '../../../core/card.ts'
import type { DeliveryId } from '../../../core/ids.ts'
import { type DeliveryRow, deliveryById } from '../../../db/deliveries.ts'
import { type Activity, objectIn } from '../activity.ts'
import type { Place } from '../connector/adapter.ts'
import { request } from '../connector/request.ts'
import type { TeamsDeps } from '../deps.ts'
import { renderCard } from '../render/card.ts'
import { chatWith } from '../send/chat-with.ts'
import { isLoopback } from '../verify/service-hosts.ts'

/** A bot may put files only where somebody agrees to it, in their own chat: a file consent card, then an upload to their OneDrive. */
const CONSENT = 'application/vnd.microsoft.teams.card.file.consent'
const INFO = 'application/vnd.microsoft.teams.card.file.info'
const MOST_OFFERED = 3

/** Offers the files of a card to somebody in their own chat. Returns what they are told. */
export async function offerFiles(deps: TeamsDeps, row: DeliveryRow, place: Place, accountId: string): Promise<string> {
  const files = filesOf(deps, row).slice(0, MOST_OFFERED)
  if (files.length === 0) return 'There is nothing more than what the card shows.'
  const chat = await chatWith(deps, accountId, place)
  for (const [index, file] of files.entries()) {
    const context = { deliveryId: row.id, index, seal: deps.seal(offerOf(row.id, index, accountId)) }
    await deps.adapter.send(chat, {
      type: 'message',
      attachments: [
        {
          contentType: CONSENT,
          name: fileName(file),
          content: {
            description: 'What the card had no room for.',
            sizeInBytes: Buffer.byteLength(file.content),
            acceptContext: context,
            declineContext: context,
          },
        },
      ],
    })
  }
  return 'I offer it to you in our own chat: accept it there, and it is put into your OneDrive.'
}

/** What somebody answered to such an offer: the file is uploaded where Teams says. */
export async function fileAnswered(
  deps: TeamsDeps,
  activity: Activity,
  place: Place,
  accountId: string,
): Promise<void> {
  const { value } = activity
  const context = objectIn(value, 'context')
  const upload = objectIn(value, 'uploadInfo')
  if (value?.action !== 'accept' || typeof upload?.uploadUrl !== 'string') return
  const index = Number(context?.index)
  const id = context?.deliveryId
  if (typeof id !== 'string' || context?.seal !== deps.seal(offerOf(id, index, accountId))) return
  // What is sealed was offered to this account, so it is the id of a card.
  const row = await deliveryById(deps.store.db, id as DeliveryId)
  const file = row && filesOf(deps, row)[index]
  if (!file) return
  if (!isDrive(upload.uploadUrl, deps.loopback)) {
    deps.log.warn({ host: new URL(upload.uploadUrl).host }, 'a file was to be put where no OneDrive is; it was not')
    return
  }
  const bytes = new TextEncoder().encode(file.content)
  const headers = { 'Content-Range': `bytes 0-${bytes.length - 1}/${bytes.length}` }
  await request(upload.uploadUrl, { method: 'PUT', what: 'OneDrive', body: bytes, headers })
  const { contentUrl, uniqueId, fileType } = upload
  if (typeof contentUrl !== 'string') return
  const content = { uniqueId, fileType }
  await deps.adapter.send(place, {
    type: 'message',
    attachments: [{ contentType: INFO, contentUrl, name: fileName(file), content }],
  })
}

/** What was offered to whom, for its seal. */
const offerOf = (deliveryId: string, index: number, accountId: string): string =>
  `file ${index} of ${deliveryId} for ${accountId}`

const filesOf = ({ clock }: TeamsDeps, row: DeliveryRow): readonly FileRef[] =>
  renderCard(row.card, { deliveryId: row.id, now: clock() }).files.filter(({ content }) => content !== '')

const fileName = ({ name }: FileRef): string => name.replace(/[^\w. -]/g, '_').slice(0, 100) || 'file.txt'

/** Uploads go to SharePoint, which OneDrive for work is; to this machine in tests. */
function isDrive(address: string, loopback: boolean): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname } = new URL(address)
  if (loopback && isLoopback(address)) return true
  return protocol === 'https:' && /(?:^|\.)(?:sharepoint(?:-df)?\.(?:com|us)|sharepoint-mil\.us)$/.test(hostname)
}
