import { sql } from 'drizzle-orm'
import type { Card } from '../../core/card.ts'
import type { DeliveryId } from '../../core/ids.ts'
import { startTestProgram, type TestProgram } from './program.ts'
import type { SeenCard, WebPerson } from './web-person.ts'

/** A card that the program really made, and what was said or done for it. */
export interface RealCard {
  readonly name: string
  readonly said: string
  readonly deliveryId: DeliveryId
  readonly card: Card
}

const PATIENCE_MS = 300_000

/**
 * Talks with the real program on its sandbox, and keeps a card of every kind, as the page's API gives them: files without their content.
 * Takes some minutes, because the sandbox's clock goes as ours does.
 */
export async function realCards(): Promise<readonly RealCard[]> {
  const q = await startTestProgram({ speed: 1 })
  const kept: RealCard[] = []
  const keep = (name: string, said: string, { deliveryId, card }: SeenCard) => {
    kept.push({ name, said, deliveryId: deliveryId as DeliveryId /* the API's own */, card })
  }
  try {
    const mira = await q.as('mira')
    const jonas = await q.as('jonas', mira.thread)
    const asks = async (name: string, text: string) => {
      const card = await mira.says(text)
      keep(name, text, card)
      return card
    }

    const which = await asks('A question with buttons', 'restart cart')
    await mira.clicks(which, 'Never mind')
    const form = await asks('A form', 'scale')
    await mira.clicks(form, 'Never mind')

    const plan = await asks('A plan that waits for an approver', 'please put checkout 1.4.2 on staging')
    const consent = await mira.says('yes')
    keep('A typed yes decides nothing', 'yes', consent)
    await jonas.clicks(plan, 'Approve')
    const moving = (card: SeenCard) =>
      card.card.kind === 'progress' &&
      card.card.blocks.some((block) => block.type === 'steps' && block.steps.some(({ state }) => state === 'done'))
    keep('Under way', 'Jonas approves', await mira.seesOperation(plan.operationId, moving, 'the change under way'))
    const done = await mira.seesTheEnd(plan.operationId, PATIENCE_MS)
    keep('Done', 'its end', done)

    const bad = await mira.says('deploy checkout 1.5.0 to staging')
    await jonas.clicks(bad, 'Approve')
    keep(
      'Failed, and put back',
      'deploy checkout 1.5.0 to staging',
      await mira.seesTheEnd(bad.operationId, PATIENCE_MS),
    )

    const other = await mira.says('scale payments to 8 in production for 2 hours')
    keep('A plan in production', 'scale payments to 8 in production for 2 hours', other)
    await jonas.clicks(other, 'Reject', { reason: 'Not during the sale.' })
    keep('Rejected', 'Jonas rejects it', await mira.seesTheEnd(other.operationId, PATIENCE_MS))

    const priya = await q.as('priya', mira.thread)
    keep('Refused', 'priya: restart cart in dev', await priya.says('restart cart in dev'))
    await asks('What is no request', 'deploy chkot 9.9.9 to stgaeg')

    await asks('An answer with a table', 'how is everything in production?')
    await asks('One service', 'status of checkout')
    await asks('What happened', 'history of checkout in staging')
    keep('What happened on which day', 'history dev', await aFortnight(q, mira))
    await asks('Logs', 'logs of checkout in staging')
    await asks('What runs', 'operations')
    await asks('Help', 'help')
    await asks('Who am I', 'whoami')
    return kept
  } finally {
    await q.close()
  }
}

/** How many days ago each change is said to have been asked for. */
const DAYS_AGO = [12, 11, 11, 8, 8, 8, 5, 4, 1]

/** Changes that the program makes now and that are then moved into the days before, so that there are days to be drawn. */
export async function aFortnight(q: TestProgram, mira: WebPerson): Promise<SeenCard> {
  for (const [at, days] of DAYS_AGO.entries()) {
    const service = ['search', 'cart'][at % 2]
    // The fourth asks for an image that does not start; it ends badly, and stands so in the chart.
    const wish = at === 3 ? 'deploy checkout 1.5.0 to dev' : `scale ${service} to ${2 + (at % 3)} in dev`
    const { operationId } = await mira.says(wish)
    await mira.seesTheEnd(operationId, PATIENCE_MS)
    await q.program.store.db.execute(sql`
      update quarterdeck.operations set created_at = created_at - ${days}::int * interval '1 day' where id = ${operationId}`)
  }
  return mira.says('history dev')
}
