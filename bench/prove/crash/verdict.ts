import { silentLogger } from '../../../core/ports/logger.ts'
import { openStore, type StoreOptions } from '../../../db/store.ts'
import type { Breach } from '../prover.ts'
import type { Chat } from '../surfaces/chat.ts'
import { type CardsJudged, judgeCards } from '../surfaces/judge-cards.ts'
import { FIRST_IMAGE, FIRST_REPLICAS } from './deployments.ts'
import { imageOf, VERSION } from './engine.ts'
import type { Outside } from './outside.ts'
import { STROKES } from './ring.ts'
import type { Asking } from './worker.ts'

const LOST = 'no accepted operation is lost'
const TWICE = 'no effect happens twice'
const HUMAN = 'at most one operation in a hundred needs a human'
const HUMANS_MAX_SHARE = 0.01

export interface Asked extends Asking {
  readonly service: string
}

/** The nth change that is asked for: each of a service of its own, so that only the engine can do one twice. */
export function askingOf(n: number): Asked {
  const service = `s${n}`
  const place = { service, environment: 'dev' }
  const key = `asked-${n}`
  if (n % 3 === 0) return { key, service, skill: 'deploy', input: { ...place, version: VERSION } }
  if (n % 3 === 1) return { key, service, skill: 'scale', input: { ...place, replicas: FIRST_REPLICAS + 3 } }
  return { key, service, skill: 'ring', input: place }
}

interface Row {
  readonly [column: string]: unknown
  readonly key: string
  readonly operation: string | null
  readonly state: string | null
  readonly says: string | null
  readonly operations: number
}

export interface Judged {
  readonly breaches: Breach[]
  readonly succeeded: number
  readonly needHuman: number
  readonly twice: number
  readonly lost: number
  /** Of the messages in the chat, where there is one. */
  readonly cards: CardsJudged | undefined
}

/** Holds what the store says against what the servers counted, when everything has come to rest. */
export async function judge(
  asked: readonly Asked[],
  store: StoreOptions,
  outside: Outside,
  chat?: Chat,
): Promise<Judged> {
  const { rows, cards } = await read(store, chat)
  const byKey = new Map(rows.map((row) => [row.key, row]))
  const breaches: Breach[] = [...(cards?.breaches ?? [])]
  const lost = asked.flatMap((one) => lostSentence(one, byKey.get(one.key)) ?? [])
  const twice = asked.flatMap((one) => effectSentences(one, byKey.get(one.key), outside))
  const humans = rows.filter(({ state }) => state === 'needs_human')
  for (const what of lost.slice(0, 5)) breaches.push({ promise: LOST, what })
  for (const what of twice.slice(0, 5)) breaches.push({ promise: TWICE, what })
  if (humans.length > asked.length * HUMANS_MAX_SHARE)
    breaches.push({
      promise: HUMAN,
      what: `${humans.length} of ${asked.length} need one: ${humans[0]?.operation}: ${humans[0]?.says}`,
    })
  const succeeded = rows.filter(({ state }) => state === 'succeeded').length
  const counts = { succeeded, needHuman: humans.length, twice: twice.length, lost: lost.length }
  return { breaches, ...counts, cards }
}

async function read(store: StoreOptions, chat: Chat | undefined) {
  const opened = await openStore(store, silentLogger)
  try {
    const { rows } = await opened.db.execute<Row>(
      `select request.key, operation.id as operation, operation.state, operation.says,
        (select count(*)::int from quarterdeck.operations each where each.request_id = request.id) as operations
      from quarterdeck.requests request left join quarterdeck.operations operation on operation.id = request.operation_id`,
    )
    return { rows, cards: chat && (await judgeCards(opened, chat)) }
  } finally {
    await opened.close()
  }
}

function lostSentence({ key, skill }: Asked, row: Row | undefined): string | undefined {
  if (!row?.operation) return `${key} (${skill}) was asked for and has no operation`
  if (row.state !== 'succeeded' && row.state !== 'needs_human')
    return `${row.operation} (${skill}) should have succeeded and is ${row.state}: ${row.says}`
  return undefined
}

/** What was looked at in the chat, for the verdict. */
export const triedIn = ({ cards }: Judged): Record<string, number> =>
  cards ? { cards: cards.looked, postedAgain: cards.again } : {}

function effectSentences({ skill, service }: Asked, row: Row | undefined, outside: Outside): string[] {
  const { bells, deployments } = outside
  const id = row?.operation ?? 'no operation'
  const done = row?.state === 'succeeded'
  const says: string[] = []
  if (row && row.operations > 1) says.push(`the request of ${id} became ${row.operations} operations`)
  const count = (what: string, times: number) => {
    if (times > 1 || (done && times !== 1)) says.push(`${id}: ${what} happened ${times} times, and it is ${row?.state}`)
  }
  if (skill === 'ring')
    for (const stroke of STROKES) count(`the stroke ${stroke}`, bells.get(`${service}-${stroke}`) ?? 0)
  const step = { deploy: 'set image', scale: 'set replicas' }[skill]
  if (step) count(`the write "${step}"`, deployments.accepted.get(`${id}/${step}`) ?? 0)
  if (!done) return says
  const { image, replicas } = deployments.state(service)
  const wanted = skill === 'deploy' ? imageOf(VERSION) : FIRST_IMAGE
  if (!image.includes(wanted) || replicas !== (skill === 'scale' ? FIRST_REPLICAS + 3 : FIRST_REPLICAS))
    says.push(`${id} succeeded, and ${service} runs ${replicas} of ${image}`)
  return says
}
