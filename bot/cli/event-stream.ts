/** One server-sent event. */
export interface StreamEvent {
  readonly name: string
  readonly data: string
  readonly id: string | undefined
}

/**
 * The events of a `text/event-stream` body, in order (https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream).
 * Only what our own server sends is understood: no comments in the middle of an event, `\n` line ends.
 */
export async function* eventsOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<StreamEvent> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true })
    for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
      const event = parse(rest.slice(0, end))
      rest = rest.slice(end + 2)
      if (event) yield event
    }
  }
}

function parse(block: string): StreamEvent | undefined {
  let [name, data, id]: [string, string | undefined, string | undefined] = ['message', undefined, undefined]
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'event') name = value
    else if (field === 'data') data = data === undefined ? value : `${data}\n${value}`
    else if (field === 'id') id = value
  }
  return data === undefined ? undefined : { name, data, id }
}
