import { UpstreamError, UserError } from '../../core/errors.ts'
import { Api, type CliPerson } from './api.ts'
import { type ChatArguments, chatArguments, USAGE } from './arguments.ts'
import { Conversation } from './conversation.ts'
import { Lines } from './lines.ts'
import { EXIT, sayOnce } from './once.ts'
import { type Output, Screen } from './screen.ts'

export interface ChatOptions {
  readonly argv: readonly string[]
  /** Where the program of this data folder listens; undefined when none runs. `--url` overrides it. */
  readonly address: string | undefined
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly output: Output
  readonly errors: NodeJS.WritableStream
}

/** `npm run chat`: the terminal surface. Resolves with the exit code; prints every problem as a sentence. */
export async function runChat(options: ChatOptions): Promise<number> {
  try {
    const args = chatArguments(options.argv)
    if (args.help) {
      options.output.write(USAGE)
      return EXIT.done
    }
    const address = args.url ?? options.address
    if (!address)
      throw new UpstreamError(
        'No Quarterdeck runs on this data folder. Start it with "npm start" in another terminal, or name its address with --url.',
        { service: 'quarterdeck', retryable: true },
      )
    const api = new Api(address)
    const person = await whoSpeaks(api, args, options)
    const screen = new Screen(options.output, { timezone: person.timezone, offerActions: args.once === undefined })
    if (args.once !== undefined) {
      if (args.once.trim() === '') throw new UserError('--once needs something to say, like --once "status checkout".')
      const { code, threadKey } = await sayOnce(api, screen, args, args.once)
      const goOn = `--thread ${threadKey} goes on in this conversation; its buttons are there without --once, and on the page.`
      if (code === EXIT.timeout) options.errors.write(`Nothing final came in time. The request stands: ${goOn}\n`)
      if (code === EXIT.waits) options.errors.write(`It waits for somebody: ${goOn}\n`)
      return code
    }
    return await new Conversation(api, screen, person, args.thread).run(options.input, options.output)
  } catch (error) {
    if (!(error instanceof UserError || error instanceof UpstreamError)) throw error
    options.errors.write(`${error.message}\n`)
    return error instanceof UpstreamError ? EXIT.unreachable : EXIT.failed
  }
}

async function whoSpeaks(api: Api, args: ChatArguments, { input, output }: ChatOptions): Promise<CliPerson> {
  const people = await api.people()
  if (args.person !== undefined) return api.become(args.person)
  const only = people.length === 1 ? people[0] : undefined
  if (only) return api.become(only.id)
  const names = people.map(({ id }) => id)
  if (!input.isTTY || args.once !== undefined)
    throw new UserError(`Say who you are with --person: ${names.join(', ')}.`)
  const lines = new Lines(input, output)
  try {
    for (;;) {
      for (const { id, name, roles } of people)
        output.write(`  ${id.padEnd(10)} ${name} (${roles.join(', ') || 'no roles'})\n`)
      const said = (await lines.ask('Who are you? ')).trim().toLowerCase()
      if (said === '') throw new UserError('Nobody was chosen.')
      if (names.includes(said)) return await api.become(said)
    }
  } finally {
    lines.close()
  }
}
