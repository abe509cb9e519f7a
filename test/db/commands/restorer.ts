import { argv } from 'node:process'
import { silentLogger } from '../../../core/ports/logger.ts'
import { restore } from '../../../db/commands/restore.ts'

/** Restores in place of what is there, in a process that somebody may kill. */
const [, , folder = '', file = ''] = argv
await restore({ backend: 'pglite', folder }, silentLogger, { file, replace: true })
