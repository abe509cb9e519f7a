import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import lock from '../../../skills/lock.ts'
import { describeOnStores } from '../../_harness/store.ts'
import { Chat } from './chat.ts'

const SECRET = `ghp_${'a1B2c3D4e5'.repeat(4)}`

describeOnStores('a secret that somebody pasted into their words', (store) => {
  /** All that the store holds, as text. */
  async function everything(): Promise<string> {
    const { db } = store()
    const { rows: tables } = await db.execute<{ name: string }>(
      sql`select table_name as name from information_schema.tables where table_schema = 'quarterdeck'`,
    )
    const texts: string[] = []
    for (const { name } of tables) {
      const { rows } = await db.execute(
        sql`select row_to_json(whole)::text as row from quarterdeck.${sql.identifier(name)} whole`,
      )
      texts.push(JSON.stringify(rows))
    }
    return texts.join('\n')
  }

  it('is kept nowhere: not in a plan, a lock, an open question, a decision', async () => {
    const handed: unknown[] = []
    const chat = await new Chat(store()).open({
      skills: [lock],
      door: (door) => ({
        ...door,
        click: (clicked) => {
          handed.push(clicked)
          return door.click(clicked)
        },
      }),
    })
    await chat.says('mira', `lock checkout in staging because the new token is ${SECRET}`)
    expect(await chat.operations()).toMatchObject([{ skill: 'lock', state: 'succeeded' }])
    await chat.says('mira', `lock cart because ${SECRET} leaked`)
    expect((await chat.cards('mira')).at(-1)?.card.kind).toBe('question')
    expect(await everything()).not.toContain(SECRET)

    await chat.clicks('mira', 'staging')
    await chat.says('mira', 'please scale checkout to 5 in staging')
    const plan = (await chat.cards('mira')).at(-1)
    if (!plan) throw new Error('there is no plan')
    const reject = { verb: 'reject', payload: {}, reason: `you pasted ${SECRET}`, key: 'no' } as const
    const by = { surface: 'web', account: { surface: 'web', id: 'jonas' }, at: chat.now } as const
    await chat.conversation.click({ deliveryId: plan.id, ...reject, ...by })
    const said = await everything()
    expect(said).toContain('[redacted] leaked')
    expect(said).not.toContain(SECRET)
    expect(handed).toHaveLength(1)
    expect(JSON.stringify(handed)).toContain('you pasted [redacted]')
    await chat.close()
  })
})
