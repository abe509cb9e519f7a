import { afterEach, describe, expect, it } from 'vitest'
import type { OperationId } from '../../../core/ids.ts'
import { subscriptionsOf, syncSubscriptions } from '../../../db/subscriptions.ts'
import { soon } from '../../_harness/soon.ts'
import { useStore } from '../../_harness/store.ts'
import { Square, slack, someone, teams, titles } from './square.ts'

const store = useStore()
let square: Square
afterEach(() => square.close())

const mira = someone('mira', [slack('U1'), { surface: 'web', id: 'mira' }], 'operator')
const ann = someone('ann', [teams('t2')], 'approver')
const eve = someone('eve', [slack('U8')])
const CHANNEL = '19:ops@thread.tacv2'
const open = async () => {
  square = await new Square(store()).open([mira, ann, eve])
}

describe('a change that two services show', () => {
  it('is asked for on one, approved on the other, and both cards tell the newest truth', async () => {
    await open()
    const [subscribed] = await square.says(teams('t2'), 'subscribe checkout', `${CHANNEL};messageid=1`)
    expect(subscribed?.card).toMatchObject({ kind: 'result', tone: 'good' })
    await square.says(slack('U1'), 'deploy checkout staging', 'T1:C1:1.1')
    const id = (await square.rows()).find(({ card }) => card.title === 'Deploy checkout to staging')
      ?.operationId as OperationId
    const bothShow = async (subtitle: string | undefined, kind: string) => {
      const rows = await square.cardsOf(id)
      expect(rows.map(({ surface }) => surface)).toEqual(['slack', 'teams'])
      for (const [row, chat] of [[rows[0], square.slack] as const, [rows[1], square.teams] as const]) {
        const { message } = chat.shown.get(row?.id ?? '') ?? {}
        expect(message).toMatchObject({ card: { kind, ...(subtitle ? { subtitle } : {}) } })
        expect(message?.revision).toBe(row?.revision)
      }
      return rows
    }
    const [, there] = await soon(() => bothShow('Waiting for approval', 'plan'))
    if (!there) throw new Error('no card in Teams')
    // What is said under the card there is about it.
    const yes = async () =>
      titles(await square.says(teams('t2'), 'yes', (await square.cardsOf(id))[1]?.threadKey ?? ''))
    expect(await yes()).toEqual(['A click decides, not a word'])
    expect(await square.clicks(teams('t2'), there, 'Approve')).toEqual({ ok: true, says: 'It starts now.' })
    const rows = await soon(() => bothShow(undefined, 'result'))
    // It began a thread there, and goes on in it.
    expect(square.teams.posts).toContain(`new in ${CHANNEL}`)
    expect(rows[1]?.threadKey).toMatch(new RegExp(`^${CHANNEL}:\\d+\\.0$`))
  })
})

describe('subscribing', () => {
  it('is for anybody with a role, in a channel; it can be ended, and taken back', async () => {
    await open()
    const says = async (text: string, thread = 'T1:C5:1.1') => (await square.says(slack('U1'), text, thread))[0]?.card
    expect(await says('subscribe cart', 'T1:D5:')).toMatchObject({ kind: 'refusal' })
    expect(titles(await square.says({ surface: 'web', id: 'mira' }, 'subscribe cart', 'web-m'))).toEqual([
      'That does not work',
    ])
    expect((await square.says(slack('U8'), 'subscribe cart', 'T1:C5:1.1'))[0]?.card).toMatchObject({ kind: 'refusal' })
    expect(await says('unsubscribe cart')).toMatchObject({ kind: 'refusal' })
    expect(await says('subscribe cart staging')).toMatchObject({ kind: 'result', tone: 'good' })
    expect(JSON.stringify(await says('subscribe cart staging', 'T1:C5:2.2'))).toContain('Nothing to do')
    expect(JSON.stringify(await says('unsubscribe search'))).toContain('It hears of: cart in staging.')
    const [ended] = await square.says(slack('U1'), 'unsubscribe cart', 'T1:C5:3.3')
    expect(ended?.card).toMatchObject({ kind: 'result', tone: 'good' })
    expect(JSON.stringify(await says('unsubscribe cart'))).toContain('It hears of: nothing.')
  })

  it('does not end what the configuration says', async () => {
    await open()
    const wishes = [{ surface: 'slack', channel: 'C6', environment: 'production' }] as const
    for (const twice of [wishes, [...wishes, ...wishes]])
      await store().transaction((tx) => syncSubscriptions(tx, twice, new Date()))
    expect(await subscriptionsOf(store().db, { surface: 'slack', channel: 'T1:C6' })).toMatchObject([
      { source: 'config' },
    ])
    const [refused] = await square.says(slack('U1'), 'unsubscribe production', 'T1:C6:1.1')
    expect(JSON.stringify(refused?.card)).toContain('quarterdeck.yaml has this channel hear of production')
    const [already] = await square.says(slack('U1'), 'subscribe checkout production', 'T1:C6:1.1')
    expect(JSON.stringify(already?.card)).toContain('this channel hears of production')
  })
})
