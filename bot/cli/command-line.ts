import { fileURLToPath } from 'node:url'
import { buildCatalog } from '../../core/catalog/build.ts'
import { loadConfig } from '../../core/config.ts'
import { UserError } from '../../core/errors.ts'
import { loadSpokenSkills } from '../../core/skill-set.ts'
import { storeCommands } from '../../db/commands/command-line.ts'
import { ownerOf } from '../../db/embedded/lock.ts'
import { outliveReader } from './closed-pipe.ts'

/** A command of `node main.ts WORD …`; resolves with the exit code. */
type Command = (argv: readonly string[]) => Promise<number>

const SKILLS = fileURLToPath(new URL('../../skills', import.meta.url))

const COMMANDS: Readonly<Record<string, Command>> = {
  ...storeCommands,
  /** `chat …`: on the program that runs on this data folder, or on the configured address. */
  async chat(argv) {
    const { runChat } = await import('./chat.ts')
    const { dataFolder, store, listen } = loadConfig()
    const address = store.kind === 'embedded' ? ownerOf(dataFolder)?.address : `http://${listen.host}:${listen.port}`
    return runChat({ argv, address, input: process.stdin, output: process.stdout, errors: process.stderr })
  },
  /** `parse [--json] [--config FILE]`: what would be understood of each line of the input. */
  async parse(argv) {
    const { parse } = await import('../parse.ts')
    const at = argv.indexOf('--config')
    const file = at < 0 ? undefined : argv[at + 1]
    if (at >= 0 && !file) throw new UserError('Which configuration? Write: npm run parse -- --json --config FILE')
    const config = loadConfig({ file })
    await parse({
      skills: await loadSpokenSkills(SKILLS),
      catalog: buildCatalog(config, []),
      people: config.people.map((person) => ({ ...person, active: true })),
      input: process.stdin,
      output: process.stdout,
      json: argv.includes('--json'),
    })
    return 0
  },
  /** `slack-manifest [--url https://…] [--install]`: the manifest of a Slack app that fits this program. */
  async 'slack-manifest'(argv) {
    const { printManifest } = await import('../slack/print-manifest.ts')
    printManifest(argv, console.log)
    return 0
  },
  /** `teams-package --app-id … --url https://… [--out FILE]`: the app package for Teams. */
  async 'teams-package'(argv) {
    const { writePackage } = await import('../teams/package/write-package.ts')
    writePackage(argv, console.log)
    return 0
  },
}

/** Runs a command. Throws UserError naming the commands there are when it is none. */
export async function runCommand(word: string, argv: readonly string[]): Promise<number> {
  const command = COMMANDS[word]
  outliveReader(process.stdout, process.stderr)
  if (command) return command(argv)
  const known = ['all', 'bot', 'worker', 'doctor', ...Object.keys(COMMANDS)]
  throw new UserError(`There is no command "${word}". There are: ${known.join(', ')}.`)
}
