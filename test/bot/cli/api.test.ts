import { expect, onTestFinished, test, vi } from 'vitest'
import { Api } from '../../../bot/cli/api.ts'
import { soon } from '../../_harness/soon.ts'
import { json, startFakeHttp } from '../../clients/fake-http.ts'

test('a terminal that is open for longer than its session goes on as the same person', async () => {
  let session = 0
  const server = await startFakeHttp(({ url, headers }, response) => {
    if (url === '/api/session') {
      session += 1
      return json(
        response,
        200,
        { person: { id: 'mira' } },
        { 'set-cookie': `quarterdeck_session=s${session}; Path=/` },
      )
    }
    if (headers.cookie !== `quarterdeck_session=s${session}` || session < 2)
      return json(response, 401, { error: 'Say who you are first: choose a person.' })
    if (url === '/api/overview') return json(response, 200, { waiting: [], running: [] })
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('event: reset\ndata: {}\n\n')
  })
  onTestFinished(server.close)
  const api = new Api(server.url)
  await api.become('mira')
  expect(await api.overview()).toEqual({ waiting: [], running: [] })

  session = 1 // it has ended again
  const missed = vi.fn()
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  await api.follow({ card: vi.fn(), message: vi.fn(), missed, lost: vi.fn() }, stop.signal)
  await soon(() => expect(missed).toHaveBeenCalled())
  expect(server.asked.filter(({ url }) => url === '/api/session')).toHaveLength(3)
})

test('who may not speak here is told so, once', async () => {
  const server = await startFakeHttp(({ url }, response) =>
    url === '/api/session'
      ? json(response, 200, { person: { id: 'mira' } }, { 'set-cookie': 'quarterdeck_session=s; Path=/' })
      : json(response, 401, { error: 'Sign in first.' }),
  )
  onTestFinished(server.close)
  const api = new Api(server.url)
  await api.become('mira')
  await expect(api.overview()).rejects.toThrow('Sign in first.')
  expect(server.asked).toHaveLength(4)
})

/** What a terminal says whose event stream is answered so, from the second time on. */
async function toldAfterTheFirst(
  again: (response: Parameters<Parameters<typeof startFakeHttp>[0]>[1], time: number) => void,
) {
  let times = 0
  const server = await startFakeHttp(({ url }, response) => {
    if (url === '/api/session') return json(response, 200, { person: { id: 'lena' } })
    times += 1
    if (times > 1) return again(response, times)
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end('event: reset\ndata: {}\n\n')
  })
  onTestFinished(server.close)
  const api = new Api(server.url)
  await api.become('lena')
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  const told: string[] = []
  const lost = (says: string) => void told.push(says)
  await api.follow({ card: vi.fn(), message: vi.fn(), missed: vi.fn(), lost }, stop.signal)
  return { told, times: () => times }
}

test('who lost the right to listen is told that, once, and not of a lost connection', async () => {
  const { told, times } = await toldAfterTheFirst((response) =>
    json(response, 403, { error: 'Nobody here is called "lena".' }),
  )
  await soon(() => expect(times()).toBeGreaterThan(3))
  expect(told).toEqual(['Nobody here is called "lena".'])
})

test('a stream that only ended is begun again without a word, and one that does not come back is missed aloud', async () => {
  const { told, times } = await toldAfterTheFirst((response, time) => {
    if (time > 4) return void response.destroy()
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end('event: reset\ndata: {}\n\n')
  })
  await soon(() => expect(times()).toBeGreaterThan(4))
  await soon(() => expect(told).toEqual(['The connection is lost; trying again.']))
})
