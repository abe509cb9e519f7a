import { sql } from 'drizzle-orm'
import type { DeliveryId, OperationId } from '../core/ids.ts'
import type { Store } from '../db/store.ts'
import { DEFAULT_CONCURRENCY } from '../jobs/tuning.ts'
import { openFloor } from './floor.ts'
import { APPROVER, type House, openHouse } from './house.ts'
import { inLanes, PLACES, type Place } from './places.ts'
import { atLeast, type Bar, type BenchOptions, below, median, rounded, spread } from './report.ts'

/** As many requests at once as the program works on. */
const LANES = DEFAULT_CONCURRENCY
/** Clicks a second while the way from a click to the first step is measured: more than a large company's. */
const CLICKS_A_SECOND = 10

/**
 * Operations a second from request to succeeded, for a skill without effects, beside the floor of the same minute on the same ground;
 * and the time from an approval's click to the first step.
 */
export default async function pipeline(options: BenchOptions) {
  const bars: Bar[] = []
  const detail: Record<string, unknown> = {}
  const skipped: string[] = []
  for (const { name, missing, open } of PLACES) {
    if (missing) {
      skipped.push(`${name}: ${missing}`)
      continue
    }
    const place = await open()
    try {
      const found = await measure(place, options)
      detail[name] = found
      options.say(
        `${name}: ${found.operationsPerSecond} operations/s, floor ${found.floorPerSecond}/s, click to first step ${JSON.stringify(found.clickToStepMs)} ms`,
      )
      bars.push(atLeast(`${name}: operations a second as a share of the floor`, found.share, 0.5))
      bars.push(below(`${name}: p95 from approval click to first step`, found.clickToStepMs.p95, 100))
    } finally {
      await place.close()
    }
  }
  return { bars, detail, skipped }
}

async function measure(place: Place, { short }: BenchOptions) {
  const [rounds, count, clicks] = short ? [1, 20, 5] : [3, 200, 100]
  const floor = await openFloor(place, LANES)
  const house = await openHouse(place, LANES)
  try {
    const through = async (much: number) => much / (await inLanes(LANES, much, () => one(house)))
    await floor.measure(LANES, LANES)
    await through(LANES)
    const floors: number[] = []
    const ours: number[] = []
    // In turns, so that whatever else the machine does meanwhile meets both.
    for (let round = 0; round < rounds; round += 1) {
      floors.push(await floor.measure(LANES, count))
      ours.push(await through(count))
    }
    await allSucceeded(place.store, LANES + rounds * count)
    const clickToStepMs = spread(await clickToStep(house, place.store, clicks))
    const shares = ours.map((value, index) => value / (floors[index] ?? Number.NaN))
    return {
      operationsPerSecond: rounded(median(ours)),
      floorPerSecond: rounded(median(floors)),
      share: median(shares),
      shares: shares.map(rounded),
      clickToStepMs,
    }
  } finally {
    await house.close()
    await floor.close()
  }
}

async function one(house: House): Promise<void> {
  await house.ended(await house.propose('nothing'))
}

/** A quick number for operations that did not succeed would be worth nothing. */
async function allSucceeded(store: Store, expected: number): Promise<void> {
  const { rows } = await store.db.execute<{ state: string; n: number }>(
    sql`select state, count(*)::int as n from quarterdeck.operations group by state`,
  )
  if (rows.length !== 1 || rows[0]?.state !== 'succeeded' || rows[0].n !== expected)
    throw new Error(`${expected} operations should have succeeded; the store has ${JSON.stringify(rows)}.`)
}

async function clickToStep(house: House, store: Store, count: number): Promise<number[]> {
  const cards: ShownCard[] = []
  for (let index = 0; index < count; index += 1) cards.push(await shownCard(store, await house.propose('one-step')))
  const clickedAt = new Map<OperationId, number>()
  const ends: Promise<void>[] = []
  for (const card of cards) {
    clickedAt.set(card.operation, performance.now())
    ends.push(approve(house, card))
    await new Promise((resolve) => setTimeout(resolve, 1000 / CLICKS_A_SECOND))
  }
  await Promise.all(ends)
  return cards.map(({ operation: id }) => (house.stepBegan.get(id) ?? Number.NaN) - (clickedAt.get(id) ?? Number.NaN))
}

interface ShownCard {
  readonly operation: OperationId
  readonly delivery: DeliveryId
  readonly planHash: string
}

async function shownCard(store: Store, operation: OperationId): Promise<ShownCard> {
  const { rows } = await store.db.execute<{ delivery: DeliveryId; plan_hash: string }>(sql`
    select delivery.id as delivery, operation.plan_hash
    from quarterdeck.operations operation join quarterdeck.deliveries delivery on delivery.operation_id = operation.id
    where operation.id = ${operation}`)
  const [row] = rows
  if (!row) throw new Error(`The operation ${operation} has no card.`)
  return { operation, delivery: row.delivery, planHash: row.plan_hash }
}

async function approve(house: House, { operation, delivery, planHash }: ShownCard): Promise<void> {
  const reply = await house.door.click({
    personId: APPROVER,
    account: { surface: 'web', id: APPROVER },
    click: { deliveryId: delivery, verb: 'approve', payload: {}, planHash, key: `click-${operation}` },
  })
  if (!reply.ok) throw new Error(`The approval of ${operation} was refused: ${reply.says}`)
  await house.ended(operation)
}
