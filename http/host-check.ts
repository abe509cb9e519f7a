import { isIP } from 'node:net'
import type { RequestHandler } from 'express'

/**
 * Refuses requests that came by a name we do not have. A page of somebody else's whose DNS name is rebound to this
 * machine sends its own name as Host; an IP literal or `localhost` cannot be rebound.
 */
export function checkHost(publicHosts: readonly string[]): RequestHandler {
  const names = new Set(['localhost', ...publicHosts.map((name) => name.toLowerCase())])
  return (request, response, next) => {
    const name = hostName(request.headers.host)
    if (name !== undefined && (names.has(name) || isIP(name) !== 0)) return next()
    const said = name === undefined ? 'no host name' : `the name "${name.slice(0, 80)}"`
    response.status(421).json({
      error: `This server does not answer to ${said}. Open it by its IP address, or as localhost on the same machine; behind a proxy, set address, and have the proxy pass Host on unchanged.`,
    })
  }
}

/** Refuses changes that a browser sends for another site's page. */
export function checkOrigin(): RequestHandler {
  return (request, response, next) => {
    if (request.method === 'GET' || request.method === 'HEAD') return next()
    const { origin, host } = request.headers
    const site = request.headers['sec-fetch-site']
    const crossSite = site !== undefined && site !== 'same-origin' && site !== 'none'
    if (origin !== undefined && hostOf(origin) !== host?.toLowerCase())
      return void response.status(403).json({ error: sayForeign(origin, host) })
    if (!crossSite) return next()
    response.status(403).json({ error: 'Refused: this request was sent by another site. Use the page itself.' })
  }
}

/** It is either another site's page, or our own behind a proxy that writes a Host of its own: nobody can tell from here which. */
function sayForeign(origin: string, host = ''): string {
  const asked = `by a page of "${origin.slice(0, 80)}", while its Host is "${host.slice(0, 80)}"`
  return `Refused: this request was sent by another site, ${asked}. Use the page itself. If you did, a proxy on the way rewrites Host: have it pass Host on unchanged.`
}

/** The name part of a Host header in lower case, brackets of IPv6 taken off; undefined when there is none. */
function hostName(header: string | undefined): string | undefined {
  if (!header) return undefined
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]/@\s]+))(?::\d{1,5})?$/i.exec(header)
  return (match?.[1] ?? match?.[2])?.toLowerCase()
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
