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
