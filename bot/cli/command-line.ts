import { loadConfig } from '../../core/config.ts'
import { UserError } from '../../core/errors.ts'

/** A command of `node main.ts WORD …`; resolves with the exit code. */
type Command = (argv: readonly string[]) => Promise<number>

const COMMANDS: Readonly<Record<string, Command>> = {
  async chat(argv) {
    const { ownerOf } = await import('../../db/embedded/lock.ts')
    const { runChat } = await import('./chat.ts')
    const address = ownerOf(loadConfig().dataFolder)?.address
    return runChat({ argv, address, input: process.stdin, output: process.stdout, errors: process.stderr })
  },
}

/** Runs a command. Throws UserError naming the commands there are when it is none. */
export async function runCommand(word: string, argv: readonly string[]): Promise<number> {
  const command = COMMANDS[word]
  if (!command)
    throw new UserError(
      `There is no command "${word}". There are: all, bot, worker, ${Object.keys(COMMANDS).join(', ')}.`,
    )
  return command(argv)
}
