import { expect, test } from 'vitest'
import { json } from '../fake-http.ts'
import { checkout, cluster, healthy } from './fake-cluster.ts'

/** A node that answers as a kubelet does: of the last `tailLines` those that fit into `limitBytes`, from the oldest on. */
async function reading(lines: readonly string[]) {
  const pod = { metadata: { name: 'checkout-6d5f-abcde', namespace: 'shop-staging' } }
  const { reader } = await cluster(
    (asked, response) => {
      const { pathname, searchParams } = new URL(asked.url, 'http://node.test')
      if (!pathname.endsWith('/log'))
        return json(response, 200, pathname.endsWith('/pods') ? { items: [pod], metadata: {} } : healthy(asked))
      const tail = lines.slice(-Number(searchParams.get('tailLines'))).map((line) => `${line}\n`)
      response.end(Buffer.from(tail.join('')).subarray(0, Number(searchParams.get('limitBytes'))))
    },
    {},
    { token: 'secret' },
    30_000,
  )
  return reader
}

const line = (at: number, length: number) =>
  `${new Date(Date.UTC(2026, 0, 1) + at * 1000).toISOString()} request ${at} ${'x'.repeat(length)}`

test('of a log that is too long to be read whole the newest lines are there, not the oldest', async () => {
  const reader = await reading(Array.from({ length: 5_000 }, (_, at) => line(at, 1_000)))
  for (const options of [{ maxLines: 2_500 }, { maxLines: 10, contains: 'request' }]) {
    const { lines, truncated } = await reader.logs(checkout, options)
    expect(lines.at(-1)?.text).toMatch(/^request 4999 /)
    expect(lines.at(-10)?.text).toMatch(/^request 4990 /)
    expect(truncated).toBe(true)
  }
})

test('one line that is longer than all that is read is cut, and that is said', async () => {
  const reader = await reading([line(1, 10), line(2, 3_000_000)])
  const { lines, truncated } = await reader.logs(checkout, { maxLines: 10 })
  expect(lines).toHaveLength(1)
  expect(lines[0]?.text).toMatch(/^request 2 x+$/)
  expect(truncated).toBe(true)
})

test('what a kubelet says in the place of a log keeps its first word', async () => {
  const says = 'unable to retrieve container logs for containerd://abc'
  const reader = await reading([says])
  expect((await reader.logs(checkout, { maxLines: 10 })).lines).toMatchObject([{ text: says }])
})
