import type { RequestHandler } from 'express'

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Not found</title><body><h1>There is nothing here</h1><p><a href="/">Back to Quarterdeck</a></p></body></html>`

/** The last handler: HTML for people, JSON for programs; a known path with a wrong method looks the same on purpose. */
export function notFound(): RequestHandler {
  return (request, response) => {
    response.status(404)
    const forPeople = !request.path.startsWith('/api/') && request.accepts(['json', 'html']) === 'html'
    if (forPeople) response.type('html').send(PAGE)
    else response.json({ error: `There is no ${request.method} ${request.path.slice(0, 120)} here.` })
  }
}
