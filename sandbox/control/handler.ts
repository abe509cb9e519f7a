import type { IncomingMessage, ServerResponse } from 'node:http'
import { readBody, sendJson } from '../metrics/http.ts'
import { ControlError, type WorldControl } from '../world/control.ts'
import { controlPage } from './page.ts'
import { act, isAction } from './requests.ts'

const loopbackAddresses = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])
const loopbackHosts = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/

/** Whoever can reach the levers can break the cluster: only this machine, and no web page from elsewhere through it. */
function refusal(request: IncomingMessage): string | undefined {
  if (!loopbackAddresses.has(request.socket.remoteAddress ?? '')) {
    return 'The control page answers this machine only; open it on the machine that runs the sandbox.'
  }
  if (!loopbackHosts.test(request.headers.host ?? '')) {
    return 'The control page answers to localhost and 127.0.0.1 only; use one of these in the address.'
  }
  return undefined
}

/** The page at /control, its state at /control/api/state, and its levers as POST /control/api/NAME with a JSON body. */
export function createControlHandler(control: WorldControl) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refused = refusal(request)
    if (refused !== undefined) {
      sendJson(response, 403, { error: refused })
      return
    }
    const path = (request.url ?? '').split('?')[0] ?? ''
    if (request.method === 'GET' && (path === '/control' || path === '/control/')) {
      response.writeHead(200, {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy': "default-src 'self' 'unsafe-inline'",
      })
      response.end(controlPage)
      return
    }
    const name = path.startsWith('/control/api/') ? path.slice('/control/api/'.length) : ''
    if (request.method === 'GET' && name === 'state') {
      sendJson(response, 200, control.state())
      return
    }
    if (!isAction(name)) {
      sendJson(response, 404, { error: `There is nothing at ${path}; the levers are listed on /control.` })
      return
    }
    if (request.method !== 'POST') {
      sendJson(response, 405, { error: `${path} takes a POST with a JSON body.` })
      return
    }
    // Forms of other sites cannot send this type without asking first.
    if (!(request.headers['content-type'] ?? '').startsWith('application/json')) {
      sendJson(response, 415, { error: 'The body must have the content type application/json.' })
      return
    }
    try {
      sendJson(response, 200, { result: act(control, name, await readBody(request)), state: control.state() })
    } catch (error) {
      if (!(error instanceof ControlError || error instanceof RangeError)) throw error
      sendJson(response, 400, { error: error.message })
    }
  }
}
