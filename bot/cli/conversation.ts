import type { Action } from '../../core/card.ts'
import { messageOf } from '../../core/errors.ts'
import { randomCode } from '../../core/ids.ts'
import type { Api, CliCard, CliMessage, CliPerson } from './api.ts'
import { askBeforeClick } from './ask-before-click.ts'
import { Lines } from './lines.ts'
import type { Output, Screen } from './screen.ts'
import { terminalLine } from './terminal-text.ts'

const HELP = `Say what should happen, like "deploy checkout 1.4.2 to staging". The number of a button presses it.
  #4              presses button 4, whatever is asked; =4 says 4 and presses nothing
  /waiting        what waits for you, with its buttons
  /person NAME    be somebody else (sandbox only)
  /new            a new conversation
  /quit           leave (Ctrl+D)`

/** Talking in a terminal: what is typed goes to the thread, cards come back live, numbers press buttons. */
export class Conversation {
  readonly #api: Api
  readonly #screen: Screen
  #person: CliPerson
  #thread: string
  /** Cards of other threads that this person asked to see: they stay live too. */
  readonly #watched = new Set<string>()
  readonly #mine = new Set<string>()
  #follow = new AbortController()

  constructor(api: Api, screen: Screen, person: CliPerson, thread: string | undefined) {
    this.#api = api
    this.#screen = screen
    this.#person = person
    this.#thread = thread ?? newThread()
  }

  /** Resolves with the exit code when the person leaves. */
  async run(input: NodeJS.ReadableStream, output: Output): Promise<number> {
    const lines = new Lines(input, output)
    this.#greet(lines)
    await this.#listen()
    await this.#catchUp()
    this.#screen.attach(lines.prompt)
    // Who closes the terminal in the middle of something still gets to the end of it, without a prompt.
    lines.prompt.once('close', () => this.#screen.attach(undefined))
    lines.ready()
    for (let line = await lines.next(); line !== undefined; line = await lines.next()) {
      this.#screen.typed()
      try {
        if ((await this.#take(line.trim(), lines)) === 'leave') break
      } catch (error) {
        this.#screen.note(messageOf(error))
      }
      lines.ready()
    }
    this.#follow.abort()
    this.#screen.attach(undefined)
    lines.close()
    return 0
  }

  #greet(lines: Lines): void {
    const roles = this.#person.roles.join(', ') || 'no roles yet'
    this.#screen.note(`You are ${this.#person.name} (${roles}). /help says what can be typed.`)
    lines.prompt.setPrompt(`${this.#person.id}> `)
  }

  async #take(line: string, lines: Lines): Promise<'leave' | undefined> {
    const [word = '', argument = ''] = line.split(/\s+/, 2)
    if (line === '') return undefined
    if (word === '/quit' || word === '/exit') return 'leave'
    if (word === '/help') this.#screen.print(HELP)
    else if (word === '/waiting') await this.#showWaiting()
    else if (word === '/person') await this.#become(argument, lines)
    else if (word === '/new') {
      this.#thread = newThread()
      this.#screen.note('A new conversation.')
    } else if (word.startsWith('/')) this.#screen.note(`There is no ${word} here. /help says what there is.`)
    else if (/^#?\d{1,4}$/.test(line)) await this.#number(line, lines)
    else await this.#say(/^=\s*\d+$/.test(line) ? line.slice(1).trim() : line)
    return undefined
  }

  async #say(text: string): Promise<void> {
    const key = randomCode(20)
    this.#mine.add(key)
    await this.#api.say(this.#thread, text, key)
  }

  /** A button's number, or the answer to what is asked: where it may be both, it does neither. */
  async #number(line: string, lines: Lines): Promise<void> {
    const { numbers } = this.#screen
    const number = Number(line.replace('#', ''))
    const offer = numbers.get(number)
    const isAnswer = !line.startsWith('#') && numbers.mayBeAnswer(this.#thread)
    if (isAnswer && offer)
      return this.#screen.note(
        `${number} may be the answer, or button ${number} (${offer.action.label}). Type =${number} to answer, or #${number} for the button.`,
      )
    if (isAnswer || !numbers.wasShown(number)) return this.#say(line)
    return this.#press(number, lines)
  }

  async #press(number: number, lines: Lines): Promise<void> {
    const offer = this.#screen.numbers.get(number)
    if (!offer) return this.#screen.note(`Button ${number} is gone: its card has moved on.`)
    // Pressed from another conversation, too, it is followed to its end.
    this.#watched.add(offer.card.deliveryId)
    const extra = await askBeforeClick(offer.card, offer.action, (question) => lines.ask(question))
    if (extra === undefined) return this.#screen.note('Nothing was sent.')
    const reply = await this.#api.click(offer.card, offer.action as Action, extra)
    this.#screen.note(`${reply.ok ? '' : 'Not done: '}${reply.says}`)
  }

  async #become(name: string, lines: Lines): Promise<void> {
    this.#person = await this.#api.become(name)
    this.#greet(lines)
    await this.#listen()
  }

  /** Everything this person must decide, wherever it was asked for, with its buttons. */
  async #showWaiting(): Promise<void> {
    const { waiting } = await this.#api.overview()
    if (waiting.length === 0) return this.#screen.note('Nothing waits for you.')
    for (const { summary, requestedBy, threadKey, deliveryId } of waiting) {
      const items = threadKey ? await this.#api.thread(threadKey) : []
      const card = items.find((item): item is CliCard => item.type === 'card' && item.deliveryId === deliveryId)
      if (!card) this.#screen.note(`${summary}, asked for by ${requestedBy} on another surface.`)
      else {
        this.#watched.add(card.deliveryId)
        if (!this.#screen.card(card)) this.#screen.note(`${summary}: its card is above.`)
      }
    }
  }

  async #listen(): Promise<void> {
    this.#follow.abort()
    this.#follow = new AbortController()
    await this.#api.follow(
      {
        card: (card) => this.#show(card),
        message: (message) => this.#hear(message),
        missed: () => void this.#catchUp().catch(() => undefined),
        lost: (says) => this.#screen.note(says),
      },
      this.#follow.signal,
    )
  }

  async #catchUp(): Promise<void> {
    for (const item of await this.#api.thread(this.#thread)) {
      if (item.type === 'card') this.#show(item)
      else this.#hear({ ...item, threadKey: this.#thread })
    }
  }

  #show(card: CliCard): void {
    if (card.threadKey === this.#thread || this.#watched.has(card.deliveryId)) this.#screen.card(card)
  }

  #hear(message: CliMessage & { threadKey: string }): void {
    if (message.threadKey !== this.#thread || this.#mine.has(message.key)) return
    this.#mine.add(message.key)
    this.#screen.print(`${terminalLine(message.person.name)}: ${terminalLine(message.text)}`)
  }
}

const newThread = () => `cli-${randomCode(16)}`
