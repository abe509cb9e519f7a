import type { Card } from '../../../core/card.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import { OPERATION_STATES, type OperationState } from '../../../core/states.ts'
import { exportHead } from '../../../db/audit-chain/heads.ts'
import { sealOnce } from '../../../db/audit-chain/seal.ts'
import { type AuditVerdict, verifyAudit } from '../../../db/audit-chain/verify.ts'
import { openStore, type Store, type StoreOptions } from '../../../db/store.ts'
import type { Chat } from '../surfaces/chat.ts'
import { type CardsJudged, judgeCards } from '../surfaces/judge-cards.ts'
import { untoldMoves } from './watch.ts'

type Columns = Record<string, unknown>

/** An operation, its request and its card as the store has them. */
export interface StoredEnd extends Columns {
  readonly key: string
  readonly id: string
  readonly state: OperationState
  readonly says: string | null
  readonly summary: string
  readonly plan_hash: string
  readonly requester: string
  readonly card: Card | null
  readonly final: boolean | null
  /** Of its message in the chat. */
  readonly ref: string | null
}
export interface StoredYes extends Columns {
  readonly operation: string
  readonly person: string
  readonly decision: string
  readonly plan_hash: string
  readonly voided: boolean
}
export interface Move extends Columns {
  readonly operation: string
  readonly was: string | null
  readonly becomes: OperationState
  /** By the database's clock. */
  readonly at_ms: number
}

interface Told extends Columns {
  readonly operation: string
  readonly kind: string
}

/** What the store says when everything has come to rest. */
export interface StoreRecord {
  readonly ends: readonly StoredEnd[]
  readonly yeses: readonly StoredYes[]
  readonly moves: readonly Move[]
  /** Changes of state that no audit row tells of. */
  readonly untold: readonly Pick<Move, 'operation' | 'was' | 'becomes'>[]
  /** Operations that ran, by the audit's own order, before they were approved. */
  readonly early: readonly string[]
  readonly auditRows: number
  /** What the audit tells of each operation, in its order. */
  readonly stories: ReadonlyMap<string, readonly Told[]>
  /** With the heads that each worker exported. */
  readonly verdicts: readonly AuditVerdict[]
  /** The messages in the chat, where people talk in one. */
  readonly cards: CardsJudged | undefined
}

const ENDS = `
  select request.key, operation.id, operation.state, operation.says, operation.plan->>'summary' as summary, operation.plan_hash,
    operation.person_id as requester, delivery.card, delivery.final, delivery.ref
  from quarterdeck.operations operation join quarterdeck.requests request on request.id = operation.request_id
  left join quarterdeck.deliveries delivery on delivery.key = 'operation:' || operation.id order by operation.created_at`
const YESES = `
  select operation_id as operation, person_id as person, decision, plan_hash, voided_at is not null as voided
  from quarterdeck.approvals order by id`
const MOVES =
  'select operation, was, becomes, (extract(epoch from at) * 1000)::float8 as at_ms from prove.moves order by n'
const STORIES = `
  select operation_id as operation, replace(kind, 'operation.', '') || to_char(at, ' (MI:SS.MS)') as kind from quarterdeck.audit
  where operation_id is not null order by id`
const EARLY = `
  select distinct running.operation_id as operation from quarterdeck.audit running
  where running.kind = 'operation.running' and not exists (
    select 1 from quarterdeck.audit approved where approved.operation_id = running.operation_id
      and approved.kind = 'operation.approved' and approved.id < running.id)`

/**
 * Seals what is left of the audit, as the program does when it ends, and reads everything. Nobody else works on the store meanwhile. `playOf`: what
 * a request's key is to those who asked.
 */
export async function readRecord(
  options: StoreOptions,
  headsFiles: readonly string[],
  chat: Chat | undefined,
  playOf: (key: string) => string,
): Promise<StoreRecord> {
  const store = await openStore(options, silentLogger)
  try {
    await sealOnce(store, { thorough: true })
    for (const file of headsFiles) await exportHead(store, file)
    const early = await rowsOf<{ operation: string }>(store, EARLY)
    return {
      ends: (await rowsOf<StoredEnd>(store, ENDS)).map((end) => ({ ...end, key: playOf(end.key) })),
      yeses: await rowsOf<StoredYes>(store, YESES),
      moves: await rowsOf<Move>(store, MOVES),
      untold: await rowsOf<Move>(store, untoldMoves(OPERATION_STATES)),
      early: early.map(({ operation }) => operation),
      stories: Map.groupBy(await rowsOf<Told>(store, STORIES), ({ operation }) => operation),
      auditRows:
        (await rowsOf<{ rows: number }>(store, 'select count(*)::int as rows from quarterdeck.audit'))[0]?.rows ?? 0,
      verdicts: await Promise.all(headsFiles.map((file) => verifyAudit(store, file))),
      cards: chat && (await judgeCards(store, chat)),
    }
  } finally {
    await store.close()
  }
}

const rowsOf = async <Row extends Columns>({ db }: Store, statement: string): Promise<readonly Row[]> =>
  (await db.execute<Row>(statement)).rows
