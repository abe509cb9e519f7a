import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { runChat } from '../../../bot/cli/chat.ts'
import { exitCodeOf } from '../../../bot/cli/once.ts'
import type { Card } from '../../../core/card.ts'
import type { OperationId } from '../../../core/ids.ts'
import { soon } from '../../_harness/soon.ts'
import { type Desk, PEOPLE, startDesk } from '../../web/desk.ts'
import { SAMPLE_CARDS } from '../../web/sample-cards.ts'

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

/** Somebody at a terminal that is no TTY. */
function sit(argv: string[], address: string | undefined = desk.address) {
  const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()]
  let screen = ''
  let complaint = ''
  output.on('data', (chunk) => (screen += chunk))
  errors.on('data', (chunk) => (complaint += chunk))
  const left = runChat({ argv, address, input, output, errors })
  return {
    left,
    types: (line: string) => input.write(`${line}\n`),
    sees: (text: string | RegExp) => soon(() => expect(screen).toMatch(text)),
    get screen() {
      return screen
    },
    get complaint() {
      return complaint
    },
    leave: async () => {
      input.end()
      return left
    },
  }
}

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
    for (const line of ['1', 'cart', '+2', '']) mira.types(line)
    await mira.sees('Noted.')
    expect(desk.clicks.at(-1)?.payload).toEqual({ question: 'q2', values: { service: 'cart', replicas: '+2' } })
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

describe('for scripts', () => {
  const operation = (id: string, card: Card): Card => ({ ...card, operationId: id as OperationId })

  test('--once says one thing, prints what comes, and ends when it has ended', async () => {
    desk.answer = (message) => {
      const [key, threadKey] = [`operation:op-0nce0001`, message.threadKey]
      const next = async () => {
        const where = { key, threadKey, surface: 'cli' as const }
        await desk.show(operation('op-0nce0001', SAMPLE_CARDS.progress), where)
        await desk.show(operation('op-0nce0001', SAMPLE_CARDS.result), where)
      }
      setImmediate(() => void next())
      return operation('op-0nce0001', { ...SAMPLE_CARDS.plan, tone: 'busy', actions: [] })
    }
    const script = sit(['--person', 'mira', '--once', 'deploy checkout 1.4.2 to dev'])
    expect(await script.left).toBe(0)
    expect(script.screen).toContain('✓ checkout 1.4.2 runs in staging')
    expect(script.screen).not.toContain('[1]')
  })

  test('--once ends at once where somebody is waited for, and goes on with --wait', async () => {
    desk.answer = () => operation('op-0nce0002', SAMPLE_CARDS.plan)
    expect(await sit(['--person', 'mira', '--once', 'deploy']).left).toBe(2)
    const patient = sit(['--person', 'mira', '--once', 'deploy', '--wait', '--thread', 'cli-patientthread'])
    await soon(() => expect(lastThread()).toBe('cli-patientthread'))
    const where = { key: 'operation:op-0nce0003', threadKey: 'cli-patientthread', surface: 'cli' as const }
    await desk.show(operation('op-0nce0003', SAMPLE_CARDS.failed), where)
    await patient.sees('did not start in production')
    await desk.show(operation('op-0nce0003', { ...SAMPLE_CARDS.failed, actions: [] }), where)
    expect(await patient.left).toBe(1)
  })

  test('each ending has its code', () => {
    const code = (card: Card, wait = false) => exitCodeOf({ card }, wait)
    expect(code(SAMPLE_CARDS.answer)).toBe(0)
    expect(code(SAMPLE_CARDS.result)).toBe(0)
    expect(code(SAMPLE_CARDS.refusal)).toBe(1)
    expect(code({ ...SAMPLE_CARDS.result, tone: 'neutral' })).toBe(1) // rejected, cancelled, expired
    expect(code(SAMPLE_CARDS.failed)).toBe(2) // somebody must say how it ended
    expect(code({ ...SAMPLE_CARDS.failed, actions: [] })).toBe(1)
    expect(code(SAMPLE_CARDS.question)).toBe(2)
    expect(code(SAMPLE_CARDS.form)).toBe(2)
    expect(code(SAMPLE_CARDS.plan)).toBe(2)
    expect(code(SAMPLE_CARDS.plan, true)).toBeUndefined()
    expect(code({ ...SAMPLE_CARDS.plan, tone: 'busy' })).toBeUndefined()
    expect(code({ ...SAMPLE_CARDS.plan, actions: [] })).toBe(0) // a dry run
    expect(code(SAMPLE_CARDS.progress)).toBeUndefined()
  })

  test('says what to do when no program runs, when nobody is named, and when an option is wrong', async () => {
    const complaint = async (argv: string[], address?: string) => {
      const script = sit(argv, address)
      return [await script.left, script.complaint]
    }
    const nowhere = [
      3,
      expect.stringMatching(/^Quarterdeck does not answer at http:\/\/127\.0\.0\.1:1\. Start it with "npm start"/),
    ]
    expect(await complaint(['--url', 'http://127.0.0.1:1', '--once', 'hi'])).toEqual(nowhere)
    const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()]
    expect(await runChat({ argv: ['--once', 'hi'], address: undefined, input, output, errors })).toBe(3)
    expect(errors.read().toString()).toMatch(/^No Quarterdeck runs on this data folder/)
    expect(await complaint(['--once', 'hi'], desk.address)).toEqual([
      1,
      'Say who you are with --person: mira, jonas, priya.\n',
    ])
    expect(await complaint(['--person', 'eve', '--once', 'hi'], desk.address)).toEqual([
      1,
      expect.stringContaining('Nobody here is called "eve"'),
    ])
    expect(await complaint(['--frobnicate'])).toEqual([1, expect.stringContaining("'--frobnicate'")])
    expect(await complaint(['--timeout', 'soon', '--once', 'hi'])).toEqual([
      1,
      '--timeout soon is no duration: write 90s, 10m or 1h.\n',
    ])
  })

  test('gives up after --timeout', async () => {
    const script = sit(['--person', 'mira', '--once', 'anything', '--timeout', '1s'])
    expect(await script.left).toBe(4)
    expect(script.complaint).toContain('Nothing final came in time')
  })
})
