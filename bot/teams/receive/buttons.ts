import { CLICK_VERBS, type ClickVerb } from '../../../core/card.ts'
import { messageOf } from '../../../core/errors.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { ClickReply } from '../../../core/ports/surface.ts'
import type { DeliveryRow } from '../../../db/deliveries.ts'
import { type Activity, objectIn } from '../activity.ts'
import type { Place } from '../connector/adapter.ts'
import type { TeamsDeps } from '../deps.ts'
import { FILES, formValues, REFRESH } from '../render/actions.ts'
import { renderCard } from '../render/card.ts'
import { deciders, teamsIds, visibleCard } from '../send/shown-to.ts'
import { closeStray, strayCard, strayOf } from '../send/stray.ts'
import { offerFiles } from './files.ts'
import { keyOf } from './inbox.ts'
import { TURNED_AWAY } from './turn-away.ts'

/** What is answered to a button: a card in its place, for the one who clicked, or a line below it. */
export type ButtonAnswer = { readonly card: JsonObject } | { readonly says: string; readonly ok: boolean }

const no = (says: string): ButtonAnswer => ({ says, ok: false })
const GONE = 'This card is not for you here, or it is gone.'

/** Handles what a button of a card sends. Never throws. */
export async function pressed(
  deps: TeamsDeps,
  activity: Activity,
  place: Place,
  accountId: string,
): Promise<ButtonAnswer> {
  try {
    const standing = await deps.members.standing(place, accountId)
    if (standing.kind === 'outsider') return no(TURNED_AWAY)
    return await act(deps, activity, place, accountId)
  } catch (error) {
    deps.log.warn({ err: error, key: keyOf(activity) }, 'a button in Teams could not be handled')
    return no(`That did not work (${messageOf(error).slice(0, 200)}). Try again in a moment.`)
  }
}

async function act(deps: TeamsDeps, activity: Activity, place: Place, accountId: string): Promise<ButtonAnswer> {
  const data = dataOf(activity)
  const account = { surface: 'teams' as const, id: accountId }
  const person = deps.people.byAccount(account)
  const row = await visibleCard(deps, data.deliveryId, { person, conversationId: activity.conversation.id })
  if (!row) return no(GONE)
  const stray = strayOf(row, activity)
  if (!stray) return answerTo(deps, activity, row, data, place, accountId)
  // It is the same card, so what is pressed there counts; only its message is a dead one.
  const answer =
    data.verb === REFRESH
      ? { card: renderCard(strayCard(row), { deliveryId: row.id, now: deps.clock() }).card }
      : await answerTo(deps, activity, row, data, place, accountId)
  await closeStray(deps, row, place, stray)
  return answer
}

async function answerTo(
  deps: TeamsDeps,
  activity: Activity,
  row: DeliveryRow,
  data: JsonObject,
  place: Place,
  accountId: string,
): Promise<ButtonAnswer> {
  if (data.verb === REFRESH) return { card: await viewOf(deps, row, place, accountId) }
  if (data.verb === FILES) return { ok: true, says: await offerFiles(deps, row, place, accountId) }
  const verb = CLICK_VERBS.find((known) => known === data.verb)
  if (!verb) return no('This button is of another version. Ask again.')
  return click(deps, activity, row, data, verb, accountId)
}

async function click(
  { intake, clock }: TeamsDeps,
  activity: Activity,
  row: DeliveryRow,
  data: JsonObject,
  verb: ClickVerb,
  accountId: string,
): Promise<ClickReply> {
  const payload = objectIn(data, 'payload') ?? {}
  const fields = Array.isArray(data.fields) ? data.fields.filter((name) => typeof name === 'string') : []
  const reason = typeof data.reason === 'string' ? data[data.reason] : undefined
  return intake.click({
    deliveryId: row.id,
    verb,
    payload: fields.length > 0 ? { ...payload, values: formValues(data, fields) } : payload,
    ...(typeof reason === 'string' && { reason }),
    ...(typeof data.planHash === 'string' && { planHash: data.planHash }),
    key: keyOf(activity),
    surface: 'teams',
    account: { surface: 'teams', id: accountId },
    at: clock(),
  })
}

/** The data of the button: of the newer kind within `action`, of the older as the value itself. */
function dataOf({ value }: Activity): JsonObject {
  const action = objectIn(value, 'action')
  // Parsed from a JSON body, so a record in it is a JSON object.
  return objectIn(action, 'data') ?? ((value ?? {}) as JsonObject)
}

/** A card as this person may see it: who decides has the buttons for it. */
async function viewOf(deps: TeamsDeps, row: DeliveryRow, place: Place, accountId: string): Promise<JsonObject> {
  const person = deps.people.byAccount({ surface: 'teams', id: accountId })
  const asked = await deciders(deps, row.operationId ?? undefined)
  const ids = asked && (await teamsIds(deps, asked, place))
  const forDecider = asked?.some(({ id }) => id === person?.id) ?? false
  const { pageAddress } = deps
  const now = deps.clock()
  return renderCard(row.card, { deliveryId: row.id, now, pageAddress, ...(ids && { deciders: ids }), forDecider }).card
}
