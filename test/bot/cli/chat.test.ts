import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { OperationId } from '../../../core/ids.ts'
import { soon } from '../../_harness/soon.ts'
import { type Desk, PEOPLE, startDesk } from '../../web/desk.ts'
import { SAMPLE_CARDS } from '../../web/sample-cards.ts'
import { sitAt } from './at-terminal.ts'

let desk: Desk
beforeAll(async () => {
  desk = await startDesk()
})
afterAll(() => desk.close())
beforeEach(() => {
  desk.answer = () => undefined
  desk.reply = async () => ({ ok: true, says: 'Noted.' })
  desk.clicks.length = 0
})

const sit = (argv: string[]) => sitAt(desk.address, argv)
const lastThread = () => desk.received.at(-1)?.threadKey ?? ''

describe('the terminal', () => {
  test('is a conversation: say, see the card live, press a button by its number', async () => {
    desk.answer = () => SAMPLE_CARDS.plan
    const mira = sit(['--person', 'mira'])
    await mira.sees('You are Mira Okafor (operator everywhere)')
    mira.types('deploy checkout 1.4.2 to staging')
    await mira.sees(/\[1\] Approve {2}\[2\] Reject {2}\[3\] Cancel {2}\[4\] Break glass/)
    expect(desk.received.at(-1)).toMatchObject({ surface: 'cli', account: { surface: 'cli', id: 'mira' } })

    desk.reply = async () => ({ ok: false, says: 'Nobody approves their own request.' })
    mira.types('1')
    await mira.sees('Not done: Nobody approves their own request.')
    expect(desk.clicks.at(-1)).toMatchObject({ verb: 'approve', surface: 'cli' })

    const operationId = SAMPLE_CARDS.plan.operationId
    await desk.show(SAMPLE_CARDS.progress, { key: `operation:${operationId}`, threadKey: lastThread(), surface: 'cli' })
    await mira.sees('2 of 3 pods are new and ready')
    mira.types('1')
    await mira.sees('Button 1 is gone: its card has moved on.')
    expect(desk.clicks).toHaveLength(1)
    expect(await mira.leave()).toBe(0)
  })

  test('asks for what a click must carry, and takes no for an answer', async () => {
    const operationId = 'op-c0nf1rm1' as OperationId
    desk.answer = () => ({ ...SAMPLE_CARDS.plan, operationId })
    const mira = sit(['--person', 'mira'])
    mira.types('deploy checkout')
    await mira.sees('[4] Break glass')
    mira.types('4')
    await mira.sees('Break glass…? [y/N]')
    mira.types('n')
    await mira.sees('Nothing was sent.')
    mira.types('4')
    mira.types('y')
    await mira.sees('What is burning?')
    mira.types('everything')
    await mira.sees('Noted.')
    expect(desk.clicks).toEqual([expect.objectContaining({ verb: 'break-glass', reason: 'everything' })])
    await mira.leave()
  })

  test('whoever closes the terminal while a button is pressed leaves in peace', async () => {
    const operationId = 'op-c10s1ng1' as OperationId
    desk.answer = () => ({ ...SAMPLE_CARDS.plan, operationId })
    const mira = sit(['--person', 'mira'])
    mira.types('deploy checkout')
    await mira.sees('[1] Approve')
    let answer = (_says: { ok: boolean; says: string }) => {}
    const asked = new Promise<void>((heard) => {
      desk.reply = () => {
        heard()
        return new Promise((resolve) => {
          answer = resolve
        })
      }
    })
    mira.types('1')
    await asked
    const left = mira.leave()
    await new Promise((resolve) => setTimeout(resolve, 50))
    answer({ ok: true, says: 'Approved after all.' })
    expect(await left).toBe(0)
    expect(mira.screen).toContain('Approved after all.')
  })

  test('fills a form', async () => {
    desk.answer = () => SAMPLE_CARDS.form
    const mira = sit(['--person', 'mira'])
    mira.types('scale')
    await mira.sees('[1] Make the plan')
    for (const line of ['#1', 'cart', '+2', '']) mira.types(line)
    await mira.sees('Noted.')
    expect(desk.clicks.at(-1)?.payload).toEqual({ question: 'q2', values: { service: 'cart', replicas: '+2' } })
    await mira.leave()
  })

  test('presses nothing where a number may be the answer to a question', async () => {
    const [operationId, other] = ['op-numb3r01', 'op-numb3r02'] as OperationId[]
    desk.answer = () => ({ ...SAMPLE_CARDS.plan, operationId })
    const mira = sit(['--person', 'mira'])
    mira.types('deploy checkout')
    await mira.sees('[3] Cancel')
    desk.answer = () => SAMPLE_CARDS.form
    mira.types('scale cart in staging')
    await mira.sees('[5] Make the plan')
    mira.types('1')
    await mira.sees('1 may be the answer, or button 1 (Approve). Type =1 to answer, or #1 for the button.')
    expect(desk.clicks).toEqual([])
    desk.answer = () => ({ ...SAMPLE_CARDS.plan, operationId: other, title: 'A second plan' })
    mira.types('=1')
    await mira.sees('A second plan')
    expect(desk.received.at(-1)?.text).toBe('1')
    // What names no button is an answer as it stands.
    mira.types('40')
    await soon(() => expect(desk.received.at(-1)?.text).toBe('40'))
    mira.types('#1')
    await mira.sees('Noted.')
    expect(desk.clicks).toEqual([expect.objectContaining({ verb: 'approve' })])
    await mira.leave()
  })

  test('shows what comes of a button of an earlier conversation', async () => {
    const operationId = 'op-ear1ier1' as OperationId
    desk.answer = () => ({ ...SAMPLE_CARDS.plan, operationId })
    const mira = sit(['--person', 'mira'])
    mira.types('deploy checkout')
    await mira.sees('[1] Approve')
    const threadKey = lastThread()
    mira.types('/new')
    await mira.sees('A new conversation.')
    mira.types('1')
    await mira.sees('Noted.')
    await desk.show(
      { ...SAMPLE_CARDS.progress, operationId },
      { key: `operation:${operationId}`, threadKey, surface: 'cli' },
    )
    await mira.sees('2 of 3 pods are new and ready')
    await mira.leave()
  })

  test("shows what waits, whoever's it is, with its buttons", async () => {
    const operationId = 'op-wa1t1ng1' as OperationId
    await desk.show({ ...SAMPLE_CARDS.plan, operationId }, { key: 'waits', threadKey: 'web-waitsthread1' })
    const requestedBy = { id: PEOPLE[0].id, name: 'Mira Okafor' }
    const about = { skill: 'deploy', summary: 'Deploy checkout', requestedBy, requestedAt: new Date() }
    desk.waiting = [{ ...about, id: operationId, state: 'awaiting_approval' }]
    const jonas = sit(['--person', 'jonas'])
    jonas.types('/waiting')
    await jonas.sees('[1] Approve')
    jonas.types('1')
    await jonas.sees('Noted.')
    expect(desk.clicks.at(-1)).toMatchObject({
      surface: 'web',
      account: { surface: 'cli', id: 'jonas' },
      verb: 'approve',
    })
    desk.waiting = []
    await jonas.leave()
  })

  test('hears what others say in the same conversation', async () => {
    const mira = sit(['--person', 'mira', '--thread', 'cli-sharedthread'])
    await mira.sees('You are Mira')
    const jonas = sit(['--person', 'jonas', '--thread', 'cli-sharedthread'])
    jonas.types('shall we?')
    await mira.sees('Jonas Weber: shall we?')
    expect(jonas.screen).not.toContain('Jonas Weber: shall we?')
    await Promise.all([mira.leave(), jonas.leave()])
  })
})
