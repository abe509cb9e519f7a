import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backendUnderTest } from '../_harness/backend.ts'
import { childWorld } from '../_harness/child-program.ts'
import { startTestProgram } from '../_harness/program.ts'
import { soon } from '../_harness/soon.ts'
import { type ReceivedSpan, startTraceReceiver } from '../_harness/trace-receiver.ts'
import { type WebPerson, wordsOf } from '../_harness/web-person.ts'

interface Place {
  as(person: string, thread?: string): Promise<WebPerson>
  close(): Promise<void>
}

/** The whole program in one process, or (where the store is a server) a bot and a worker, each its own. */
async function start(config: object): Promise<Place> {
  if (backendUnderTest() === 'pglite') return startTestProgram({ config })
  const world = await childWorld({ config })
  await Promise.all([world.start('bot'), world.start('worker')])
  return world
}

describe('a trace', () => {
  let collector: Awaited<ReturnType<typeof startTraceReceiver>>
  let place: Place
  beforeAll(async () => {
    collector = await startTraceReceiver()
    place = await start({ tracing: { url: collector.url } })
  })
  afterAll(async () => {
    await place?.close()
    await collector?.close()
  })
  const ofOperation = (id: string | null) => {
    const own = collector.spans.find((span) => span.attributes['quarterdeck.operation_id'] === id)
    return collector.spans.filter((span) => span.traceId === own?.traceId)
  }

  test('is one tree, from what was said to the last card, whatever processes took part', async () => {
    const mira = await place.as('mira')
    const jonas = await place.as('jonas', mira.thread)
    const plan = await mira.says('deploy checkout 1.4.2 to staging')
    expect((await jonas.clicks(plan, 'Approve')).ok).toBe(true)
    const done = await mira.seesTheEnd(plan.operationId)
    expect(done.card.tone, wordsOf(done)).toBe('good')

    // What the card shows last is told last, too.
    const all = ['request', 'understand', 'plan', 'gate', 'approval', 'queue', 'job', 'step', 'observe', 'delivery']
    let spans: readonly ReceivedSpan[] = []
    await soon(() => {
      spans = ofOperation(plan.operationId)
      expect(new Set(spans.map(({ name }) => name))).toEqual(new Set(all))
      const shown = spans
        .filter(({ name }) => name === 'delivery')
        .map((span) => span.attributes['quarterdeck.revision'])
      expect(shown).toContain(String(done.revision))
    })

    const [root, ...more] = spans.filter(({ parentSpanId }) => parentSpanId === undefined)
    expect(root?.name).toBe('request')
    expect(more).toEqual([])
    const ids = new Set(spans.map(({ spanId }) => spanId))
    expect(ids.size).toBe(spans.length)
    expect(spans.filter(({ parentSpanId }) => parentSpanId && !ids.has(parentSpanId))).toEqual([])
    const job = spans.find(({ name }) => name === 'job')
    for (const span of spans) {
      const isAct = span.name === 'step' || span.name === 'observe'
      if (span.parentSpanId) expect(span.parentSpanId, span.name).toBe(isAct ? job?.spanId : root?.spanId)
      expect(span.untilMs, span.name).toBeGreaterThanOrEqual(span.fromMs)
      expect(span.failed, span.name).toBe(false)
    }
    const apart = backendUnderTest() !== 'pglite'
    expect(new Set(spans.map(({ role }) => role))).toEqual(new Set(apart ? ['bot', 'worker'] : ['all']))
    if (apart) expect(job?.role).toBe('worker')
    const times = (name: string) => spans.find((span) => span.name === name)?.fromMs ?? 0
    expect(times('request')).toBeLessThanOrEqual(times('approval'))
    expect(times('approval')).toBeLessThanOrEqual(times('job'))
  })

  test('has the ids by which the request is explained in chat, from the surface to its cards', async () => {
    const mira = await place.as('mira')
    const jonas = await place.as('jonas')
    const plan = await mira.says('lock cart in staging because of tests')
    const done = await mira.seesTheEnd(plan.operationId)
    const requestOf = async (is: (span: ReceivedSpan) => boolean) => {
      await soon(() => expect(collector.spans.some(is)).toBe(true))
      return String(collector.spans.find(is)?.attributes['quarterdeck.request_id'])
    }
    const request = await requestOf((span) => span.attributes['quarterdeck.operation_id'] === done.operationId)
    expect(request).toMatch(/^rq-/)
    const story = wordsOf(await jonas.says(`explain ${request}`))
    for (const part of ['Received on web', 'Read as a command: lock', 'Answered: proposed', 'Taken by a worker once'])
      expect(story).toContain(part)
    expect(story).toMatch(/Card on web sent (?:once|twice|\d times)/)
    expect(wordsOf(await jonas.says(`explain ${done.operationId}`))).toContain('Received on web')

    await mira.says('status of cart in staging')
    const asked = await requestOf(({ attributes }) => attributes['quarterdeck.skill'] === 'status')
    expect(wordsOf(await mira.says(`explain ${asked}`))).toContain('Answered: answered')
    expect(wordsOf(await jonas.says(`explain ${asked}`))).toContain('no request')
  })

  test('holds ids and names of ours, and no word of what was said', async () => {
    const mira = await place.as('mira')
    await mira.says('deploy the unspeakable-thing to staging please')
    await soon(() => expect(collector.spans.filter(({ name }) => name === 'understand').length).toBeGreaterThan(1))
    expect(collector.heard()).not.toMatch(/unspeakable|mira/i)
  })
})
