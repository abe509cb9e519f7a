/** A browser without a screen: keeps cookies by host, follows redirects, and fills in the provider's forms. */
export class Browser {
  readonly #cookies = new Map<string, Map<string, string>>()
  /** Every address it was at, newest last. */
  readonly visited: string[] = []

  /** Opens an address and follows where it leads; `stop` ends the way before a request would be sent. */
  async open(address: string, form?: Record<string, string>, stop?: (url: URL) => boolean): Promise<Response> {
    let url = new URL(address)
    let body: URLSearchParams | undefined = form && new URLSearchParams(form)
    for (let hops = 0; hops < 12; hops++) {
      this.visited.push(url.href)
      const response = await fetch(url, {
        method: body ? 'POST' : 'GET',
        body,
        redirect: 'manual',
        headers: { cookie: this.#cookieHeader(url) },
      })
      for (const line of response.headers.getSetCookie()) this.#keep(url, line)
      const next = response.headers.get('location')
      if (!next) return response
      url = new URL(next, url)
      body = undefined
      if (stop?.(url)) {
        this.visited.push(url.href)
        return response
      }
    }
    throw new Error(`too many redirects: ${this.visited.join(' → ')}`)
  }

  /** Signs in under that name from `/api/login` on; ends on our page, or where `stop` says. */
  async signIn(address: string, name: string, stop?: (url: URL) => boolean): Promise<Response> {
    let response = await this.open(`${address}/api/login`, undefined, stop)
    const forms: Record<string, string>[] = [{ prompt: 'login', login: name, password: 'any' }, { prompt: 'consent' }]
    for (const form of forms) {
      const page = new URL(this.visited.at(-1) ?? '')
      if (!page.pathname.startsWith('/interaction/')) return response
      response = await this.open(page.href, form, stop)
    }
    return response
  }

  cookies(address: string): ReadonlyMap<string, string> {
    return this.#cookies.get(new URL(address).host) ?? new Map()
  }

  #cookieHeader = (url: URL) => [...this.cookies(url.href)].map(([name, value]) => `${name}=${value}`).join('; ')

  #keep(url: URL, line: string): void {
    const [pair = ''] = line.split(';')
    const at = pair.indexOf('=')
    const cookies = this.#cookies.get(url.host) ?? new Map<string, string>()
    if (/expires=Thu, 01 Jan 1970/i.test(line)) cookies.delete(pair.slice(0, at))
    else cookies.set(pair.slice(0, at), pair.slice(at + 1))
    this.#cookies.set(url.host, cookies)
  }
}
