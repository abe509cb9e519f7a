import { randomBytes } from 'node:crypto'
import { PassThrough } from 'node:stream'
import { runChat } from '../../bot/cli/chat.ts'
import type { TestProgram } from '../_harness/program.ts'
import { conversationsOn } from './conversations.ts'
import { lookFor, newestOf, type Place, type Seen, type Talker } from './talker.ts'

/** At real terminals (that are no TTY): what is typed, and what is printed. */
conversationsOn('cli', async () => ({ config: {}, open: async (q) => openCli(q), close: async () => {} }))

function openCli(q: TestProgram): Place {
  let thread = ''
  let sitting: (() => Promise<unknown>)[] = []
  const leave = async () => {
    await Promise.all(sitting.map((away) => away()))
    sitting = []
  }
  return {
    q,
    async elsewhere() {
      await leave()
      thread = `cli-${randomBytes(12).toString('hex')}`
    },
    async as(person) {
      const { talker, away } = sit(person, thread, () => q.address)
      sitting.push(away)
      await lookFor('the greeting', () => (talker.screen().includes('You are ') ? true : undefined), talker.screen)
      return talker
    },
    close: leave,
  }
}

/** A card as it was printed; the numbers of its buttons stand in it. */
const BUTTON = /\[(\d+)\] (.+?)(?= {2,}\[|\s*$)/gm
const PROMPTS = /^(?:[a-z]+> )+/
const cardsOn = (screen: string): Seen[] =>
  screen
    .split('\n\n')
    .map((words) => ({ words, buttons: [...words.matchAll(BUTTON)].map(([, , label = '']) => label) }))

function sit(
  person: string,
  thread: string,
  address: () => string,
): { talker: Talker & { screen(): string }; away(): Promise<unknown> } {
  const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()]
  Object.assign(output, { columns: 110 })
  let screen = ''
  output.on('data', (chunk) => {
    screen += String(chunk)
  })
  errors.on('data', (chunk) => {
    screen += String(chunk)
  })
  const left = runChat({ argv: ['--person', person, '--thread', thread], address: address(), input, output, errors })
  const type = (line: string) => input.write(`${line}\n`)
  const told = async (before: number, asks: readonly [RegExp, string | undefined][]): Promise<string> => {
    let from = before
    for (;;) {
      const line = await lookFor(
        `${person} being told something`,
        () => {
          const fresh = screen.slice(from)
          const asked = asks.find(([pattern]) => pattern.test(fresh))
          if (asked) return { asked }
          // A note is a whole line by itself; cards begin with a mark, and what stands in them is indented.
          const lines = fresh.split('\n').slice(0, -1)
          const note = lines.map((one) => one.replace(PROMPTS, '')).find((one) => /^[^\s•✓!✗…?]/.test(one))
          return note === undefined ? undefined : { note }
        },
        () => screen.slice(before),
      )
      if ('note' in line) return line.note ?? ''
      from = screen.length
      type(line.asked[1] ?? '')
    }
  }
  const press = (seen: Seen, button: string): number => {
    const found = [...seen.words.matchAll(BUTTON)].find(([, , label]) => label?.startsWith(button))
    if (!found) throw new Error(`there is no button "${button}" on:\n${seen.words}`)
    const before = screen.length
    // While a number may be an answer, the sign says that the button is meant.
    type(`#${found[1] ?? ''}`)
    return before
  }
  return {
    talker: {
      person,
      screen: () => screen,
      says: async (text) => {
        type(text)
      },
      sees: (words, button) =>
        lookFor(
          `${person} seeing ${words}${button ? ` with the button ${button}` : ''}`,
          () => newestOf(cardsOn(screen), words, button),
          () => screen,
        ),
      presses: (seen, button, answers) =>
        told(press(seen, button), [
          [/\[y\/N\]/, 'y'],
          [/\(empty: do not\) $/, answers?.reason],
        ]),
      async fills(seen, values) {
        const before = press(seen, seen.buttons[0] ?? '')
        return told(
          before,
          Object.entries(values).map(([name, value]) => [new RegExp(`${name}.*: *$`, 'i'), value]),
        )
      },
    },
    away: () => {
      input.end()
      return left
    },
  }
}
