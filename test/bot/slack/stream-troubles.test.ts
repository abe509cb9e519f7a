import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aProcess, asked, DONE, says, town, useTown } from './streamed.ts'

useTown()

const METHODS = ['chat.startStream', 'chat.appendStream', 'chat.stopStream', 'chat.update', 'conversations.replies']
const trouble = fc.record({
  method: fc.constantFrom(...METHODS),
  /** Done, and the answer lost; or not done at all. */
  how: fc.constantFrom('lost', 'down', 'too much'),
})
const event = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('moves' as const), trouble: fc.option(trouble) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('dies' as const), unrecorded: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('takes long' as const) }) },
)
interface Trouble {
  readonly method: string
  readonly how: string
}

/** The next call of this method goes wrong, once. */
function once({ method, how }: Trouble): () => void {
  let isLeft = true
  const instead: (typeof town.front.instead)[number] = async (call) => {
    if (!isLeft || call.method !== method) return undefined
    isLeft = false
    if (how === 'lost') await town.streams.answer(call)
    if (how === 'too much')
      return { status: 429, headers: { 'retry-after': '0' }, body: { ok: false, error: 'ratelimited' } }
    return { status: 503, body: {} }
  }
  town.front.instead.unshift(instead)
  return () => town.front.instead.splice(town.front.instead.indexOf(instead), 1)
}

test('whatever goes wrong on the way, there is one stream at most, and in the end it says what the card says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 12 }), async (events) => {
      let late = 0
      town.streams.now = () => Date.now() + late
      let process = aProcess(town)
      const it = await asked(town, process)
      let before = it.ref
      for (const [at, one] of events.entries()) {
        if (one.do === 'takes long') late += 6 * 60_000
        if (one.do === 'dies') {
          process = aProcess(town)
          if (one.unrecorded) it.ref = before
        }
        if (one.do !== 'moves') continue
        before = it.ref
        const lift = one.trouble ? once(one.trouble) : () => undefined
        // What is refused stays due; the next revision comes instead.
        await it.shows(says(`${at} of 12`, 'done', 'doing'), process).catch(() => undefined)
        lift()
      }
      await it.shows(DONE, process)
      const seen = await it.seen()
      const said = seen?.map((line) => line?.split(/[:,]/)[0])
      if (said) expect(said).toEqual(['Succeeded', 'Set the replicas', 'Wait for the pods'])
      expect(seen?.filter((line) => /in_progress|pending|error/.test(line ?? '')) ?? []).toEqual([])
      expect((await it.ours()).length).toBe(seen ? 2 : 1)
    }),
    { numRuns: 80 },
  )
})
