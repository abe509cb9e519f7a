// biome-ignore lint/suspicious/noExplicitAny: tests look into answers by expectations, which say what is there
type Body = any

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: Body
}

/** Calls the API as one person, cookie and all. */
export class Caller {
  readonly address: string
  cookie = ''
  setCookie = ''

  constructor(address: string) {
    this.address = address
  }

  static async as(address: string, person: string, surface = 'web'): Promise<Caller> {
    const caller = new Caller(address)
    const { status, text } = await caller.post('/session', { person, surface })
    if (status !== 200) throw new Error(text)
    return caller
  }

  get cookieValue(): string {
    return this.cookie.split('=')[1] ?? ''
  }

  get = (path: string) => this.#ask('GET', path)
  post = (path: string, body: object) => this.#ask('POST', path, body)

  async #ask(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(`${this.address}/api${path}`, {
      method,
      headers: { cookie: this.cookie, ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
    })
    const [set] = response.headers.getSetCookie()
    if (set) {
      this.setCookie = set
      this.cookie = set.split(';')[0] ?? ''
    }
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined }
  }
}
