import { setTimeout as pause } from 'node:timers/promises'
import type { Program } from '../../../main.ts'
import type { Chat } from '../surfaces/chat.ts'
import { hasCounted } from '../surfaces/counted.ts'

const PATIENCE_MS = 180_000
const LOOK_MS = 100

/** Something that was asked in a chat. */
export interface Asked {
  readonly text: string
  readonly place: string
  /** Undefined where it was asked back, or answered. */
  readonly operation: string | undefined
}

interface Manners {
  readonly by?: string
  readonly place?: string
}

/** People in a chat before a program of any release; of its store only what no release has changed is asked. */
export class GoldenPeople {
  readonly chat: Chat
  readonly #program: () => Program
  readonly #tell: (line: string) => void

  constructor(chat: Chat, program: () => Program, tell: (line: string) => void) {
    this.chat = chat
    this.#program = program
    this.#tell = tell
  }

  get address(): string {
    return this.#program().address ?? ''
  }

  async asks(text: string, { by = 'mira', place }: Manners = {}): Promise<Asked> {
    const { chat } = this
    const saying = await chat.saying(by, text, place === undefined ? {} : { place })
    if (!(await saying.send(this.address))) throw new Error(`"${text}" was not taken by ${chat.name}.`)
    const [row] = await this.#rows<{ operation: string | null }>(
      `select operation_id as operation from quarterdeck.requests where surface = '${chat.name}' and key = '${saying.key}' and outcome is not null`,
      `"${text}" was not answered in ${chat.name}.`,
    )
    const operation = row?.operation ?? undefined
    this.#tell(`${chat.name}, ${text}: ${operation ?? 'no operation'}`)
    return { text, place: saying.place, operation }
  }

  /** Asks for a change, which becomes an operation. */
  async wants(text: string, manners?: Manners): Promise<Asked & { readonly operation: string }> {
    const asked = await this.asks(text, manners)
    if (asked.operation) return { ...asked, operation: asked.operation }
    const cards = await this.chat.cardsIn(asked.place)
    throw new Error(`"${text}" became no operation: ${cards.at(-1)?.words ?? 'nothing'}`)
  }

  /** Waits until it is in one of these states. */
  async until({ text, operation }: Asked, ...states: readonly string[]): Promise<void> {
    const wanted = states.map((state) => `'${state}'`).join(', ')
    await this.#rows(
      `select 1 from quarterdeck.operations where id = '${operation}' and state in (${wanted})`,
      `"${text}" (${operation}) did not become ${states.join(' or ')}.`,
    )
  }

  /** Presses a button of its card; resolves with what they alone were told. */
  async press(person: string, { text, operation, place }: Asked, verb: string): Promise<string> {
    for (const late = Date.now() + PATIENCE_MS; Date.now() < late; await pause(LOOK_MS)) {
      const card = (await this.chat.cardsIn(place)).findLast(({ words }) => words.includes(operation ?? text))
      const press = card && (await this.chat.press(person, card, verb, this.address, 'for the golden store'))
      if (!press) continue
      const says = (await press.send(this.address)) ?? ''
      this.#tell(`  ${person} ${verb}: ${says.slice(0, 100)}`)
      if (verb !== 'reveal' && !hasCounted(says)) throw new Error(`"${verb}" for "${text}" did not count: ${says}`)
      return says
    }
    throw new Error(`${person} waited in vain for the button to ${verb} "${text}".`)
  }

  /** Until the chat was given all that it takes. */
  async allShown(): Promise<void> {
    await this.#rows(
      `select 1 where not exists (select from quarterdeck.deliveries
        where surface = '${this.chat.name}' and sent_revision < revision and refused_since is null)`,
      `Not every card is in ${this.chat.name}.`,
    )
  }

  async #rows<Row extends Record<string, unknown>>(query: string, inVain: string): Promise<readonly Row[]> {
    for (const late = Date.now() + PATIENCE_MS; Date.now() < late; await pause(LOOK_MS)) {
      const { rows } = await this.#program().store.db.execute<Row>(query)
      if (rows.length > 0) return rows
    }
    throw new Error(inVain)
  }
}
