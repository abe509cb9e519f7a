import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { writeSchema } from '../../core/config/write-schema.ts'
import { auditHeadsFile, loadConfig } from '../../core/config.ts'
import { UserError } from '../../core/errors.ts'
import { createLogger } from '../../core/logger.ts'
import { resolveSecret } from '../../core/secrets.ts'
import { storeOptionsOf } from '../store-options.ts'

type Command = (argv: readonly string[]) => Promise<number>

/** Where the store is, by the configuration; only what went wrong is logged. */
function place() {
  const config = loadConfig()
  return { options: storeOptionsOf(config), log: createLogger('warn'), headsFile: auditHeadsFile(config) }
}

/** The same, for commands that read: an embedded store that is not there is a wrong folder, not an empty store to be made. */
function existingPlace() {
  const found = place()
  const folder = found.options.backend === 'pglite' ? found.options.folder : undefined
  if (folder !== undefined && !existsSync(join(folder, 'pglite')))
    throw new UserError(`There is no store in ${folder}: correct dataFolder, or QUARTERDECK_DATA.`)
  return found
}

/** The commands that work on the store itself, for `node main.ts WORD …`; each resolves with the exit code. */
export const storeCommands: Readonly<Record<string, Command>> = {
  /** `backup [FILE]` */
  async backup([file]) {
    const { options, log } = existingPlace()
    console.log(await (await import('./backup.ts')).backup(options, log, file))
    return 0
  },
  /** `restore FILE [--replace]` */
  async restore(argv) {
    const file = argv.find((word) => !word.startsWith('--'))
    if (!file) throw new UserError('Which backup? Write: npm run restore -- FILE [--replace]')
    const { options, log, headsFile } = place()
    const { restore } = await import('./restore.ts')
    console.log(await restore(options, log, { file, replace: argv.includes('--replace'), headsFile }))
    return 0
  },
  /** `move --to URL`; the URL may be a reference like env:DATABASE_URL. */
  async move(argv) {
    const to = argv[argv.indexOf('--to') + 1]
    if (!argv.includes('--to') || !to)
      throw new UserError('Where to? Write: npm run move -- --to env:DATABASE_URL (or a postgres:// address)')
    const { options, log } = existingPlace()
    console.log(await (await import('./move.ts')).move(options, resolveSecret(to), log))
    return 0
  },
  async 'audit-verify'() {
    const { options, log, headsFile } = existingPlace()
    const { ok, says } = await (await import('./audit-verify.ts')).auditVerify(options, log, headsFile)
    console.log(says)
    return ok ? 0 : 1
  },
  async 'config-schema'() {
    writeSchema()
    console.log('quarterdeck.schema.json is written.')
    return 0
  },
}
