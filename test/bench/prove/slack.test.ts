import { describe, expect, test } from 'vitest'
import { randomFrom } from '../../../bench/prove/frame/random.ts'
import { frameOf, framesIn, PING, TEXT } from '../../../bench/prove/slack/frames.ts'
import { goodOne, MUTATIONS } from '../../../bench/prove/slack/mutations.ts'
import { isSigned } from '../../../bot/slack/receive/signature.ts'
import { SIGNING_SECRET } from '../../bot/slack/signed.ts'

/** As a client sends it. */
function masked(kind: number, text: string): Buffer {
  const plain = frameOf(kind, Buffer.from(text))
  const head = plain.length - Buffer.byteLength(text)
  const mask = Buffer.from([7, 11, 13, 17])
  const body = plain.subarray(head).map((byte, place) => byte ^ (mask[place % 4] ?? 0))
  const lengths = Buffer.from(plain.subarray(0, head))
  lengths[1] = (lengths[1] ?? 0) | 0x80
  return Buffer.concat([lengths, mask, body])
}

test('frames are told apart wherever the network cuts them', () => {
  const said = [
    { kind: TEXT, text: '{"envelope_id":"short"}' },
    { kind: PING, text: '' },
    { kind: TEXT, text: `{"envelope_id":"${'x'.repeat(300)}"}` },
  ]
  const bytes = Buffer.concat(said.map(({ kind, text }) => masked(kind, text)))
  for (let cut = 0; cut <= bytes.length; cut++) {
    const before = framesIn(bytes.subarray(0, cut))
    const after = framesIn(Buffer.concat([before.rest, bytes.subarray(cut)]))
    const heard = [...before.frames, ...after.frames].map(({ kind, body }) => ({ kind, text: body.toString('utf8') }))
    expect(heard).toEqual(said)
    expect(after.rest).toHaveLength(0)
  }
})

describe('requests that are changed', () => {
  const isGood = ({ body, headers }: ReturnType<(typeof MUTATIONS)[string]>) =>
    isSigned(
      {
        body: Buffer.from(body),
        signature: headers['x-slack-signature'],
        timestamp: headers['x-slack-request-timestamp'],
      },
      SIGNING_SECRET,
      Date.now(),
    )

  test('were good before', () => {
    for (let seed = 0; seed < 50; seed++) expect(isGood(goodOne(randomFrom(seed)))).toBe(true)
  })

  test.each(Object.keys(MUTATIONS))('%s', (kind) => {
    const mutate = MUTATIONS[kind]
    for (let seed = 0; seed < 50; seed++) expect(mutate && isGood(mutate(randomFrom(seed)))).toBe(false)
  })
})
