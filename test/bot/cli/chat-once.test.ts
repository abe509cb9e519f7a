import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { runChat } from '../../../bot/cli/chat.ts'
import { exitCodeOf } from '../../../bot/cli/once.ts'
import type { Card } from '../../../core/card.ts'
import type { OperationId } from '../../../core/ids.ts'
import { soon } from '../../_harness/soon.ts'
import { type Desk, startDesk } from '../../web/desk.ts'
import { SAMPLE_CARDS } from '../../web/sample-cards.ts'
import { sitAt } from './at-terminal.ts'

let desk: Desk
beforeAll(async () => {
  desk = await startDesk()
})
afterAll(() => desk.close())
beforeEach(() => {
  desk.answer = () => undefined
})

const sit = (argv: string[], address = desk.address) => sitAt(address, argv)
const lastThread = () => desk.received.at(-1)?.threadKey ?? ''

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

  test('--once says what may be answered, and where', async () => {
    desk.answer = () => SAMPLE_CARDS.question
    const script = sit(['--person', 'mira', '--once', 'deploy checkout 1.4.2'])
    expect(await script.left).toBe(2)
    expect(script.screen).toContain('Answers: checkout · catalog · Never mind')
    expect(script.complaint).toContain(`It waits for somebody: --thread ${lastThread()} goes on in this conversation`)
    desk.answer = () => SAMPLE_CARDS.form
    const form = sit(['--person', 'mira', '--once', 'scale'])
    expect(await form.left).toBe(2)
    expect(form.screen).toContain('Service (cart, checkout)')
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
