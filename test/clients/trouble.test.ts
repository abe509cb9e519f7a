import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { request } from 'undici'
import { expect, test } from 'vitest'
import { networkTrouble, retryAfterMs } from '../../clients/trouble.ts'

test('Retry-After in seconds or as a date, and never so long that it is no date of ours', () => {
  const now = new Date('2026-11-21T12:00:00Z')
  expect(retryAfterMs(undefined, now)).toBeUndefined()
  expect(retryAfterMs('soon', now)).toBeUndefined()
  expect(retryAfterMs(' 90 ', now)).toBe(90_000)
  expect(retryAfterMs('Sat, 21 Nov 2026 12:00:05 GMT', now)).toBe(5_000)
  expect(retryAfterMs('Sat, 21 Nov 2026 11:00:00 GMT', now)).toBe(0)
  for (const endless of ['99999999999999999999', 'Fri, 31 Dec 9999 23:59:59 GMT'])
    expect(retryAfterMs(endless, now)).toBe(86_400_000)
})

test.each([
  ['does not speak HTTP', 'http', '220 mail.example ESMTP\r\n', /does not speak HTTP/],
  ['speaks no TLS', 'https', 'HTTP/1.1 400 Bad Request\r\n\r\n', /no TLS with it \(ERR_SSL_\w+\)/],
])(
  'an address behind which something else %s is trouble of theirs, not a bug of ours',
  async (_, scheme, says, how) => {
    const server = createServer((socket) => socket.on('error', () => {}).on('data', () => socket.end(says)))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo // a TCP server has one
    const url = `${scheme}://127.0.0.1:${port}`
    try {
      for (const ask of [() => request(url), () => fetch(url)])
        expect(networkTrouble(await ask().catch((error: unknown) => error))?.how).toMatch(how)
    } finally {
      server.close()
    }
  },
)

test('a certificate that is refused for a rarer reason is named, and a mistake of ours is no network trouble', () => {
  const failed = (code: string) => networkTrouble(Object.assign(new Error('x'), { code }))
  expect(failed('CERT_NOT_YET_VALID')?.how).toBe('its certificate is not accepted (CERT_NOT_YET_VALID)')
  expect(failed('ENOENT')).toBeUndefined()
  expect(failed('ERR_INVALID_ARG_TYPE')).toBeUndefined()
})
