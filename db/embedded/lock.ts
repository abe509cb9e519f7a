import { readFileSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigError, messageOf, UserError } from '../../core/errors.ts'

/** Who works on a data folder. `address` is set once its web server listens, so that command-line tools can ask it. */
export interface Owner {
  readonly pid: number
  readonly startedAt: string
  readonly address?: string
}

export interface FolderLock {
  announce(address: string): void
  release(): void
}

const OWNER_FILE = 'quarterdeck.lock'
const GUARD_FILE = 'quarterdeck.guard'
const WAIT_MS = 400

/**
 * SQLite is here for one thing: it is the file lock of the operating system that Node does not offer (fcntl or LockFileEx). The kernel
 * drops it when the process dies in whatever way, so nothing has to guess from a pid whether an owner is alive. It does not reach over NFS.
 */
function sqlite(): typeof import('node:sqlite') {
  const { emitWarning } = process
  // Loading it says "experimental" on every start, which tells whoever runs Quarterdeck nothing.
  process.emitWarning = () => undefined
  try {
    return process.getBuiltinModule('node:sqlite')
  } finally {
    process.emitWarning = emitWarning
  }
}

function tryGuard(folder: string): { close(): void } | undefined {
  const guard = new (sqlite().DatabaseSync)(join(folder, GUARD_FILE), { timeout: WAIT_MS })
  try {
    guard.exec('begin exclusive')
    return guard
  } catch {
    guard.close()
    return undefined
  }
}

/**
 * Takes the data folder for this process. Throws UserError naming the owner when another process has it; a lock left behind by a
 * process that died is simply taken over.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const guard = await usable(folder)
  if (!guard) throw new UserError(refusal(folder, readOwnerFile(folder)))
  const owner: Owner = { pid: process.pid, startedAt: new Date().toISOString() }
  const write = (content: Owner) =>
    writeFileSync(join(folder, OWNER_FILE), `${JSON.stringify(content)}\n`, { mode: 0o600 })
  write(owner)
  let released = false
  return {
    announce: (address) => write({ ...owner, address }),
    release() {
      if (released) return
      released = true
      guard.close()
    },
  }
}

/** Makes the folder and tries to take it. What the system says of a folder that is a file, or somebody else's, names no remedy. */
async function usable(folder: string): Promise<{ close(): void } | undefined> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return tryGuard(folder)
  } catch (error) {
    throw new ConfigError(
      `The data folder ${folder} cannot be used (${messageOf(error)}): let this user write to it, or name another one (dataFolder, or QUARTERDECK_DATA).`,
      { cause: error },
    )
  }
}

function refusal(folder: string, owner: Owner | undefined): string {
  const who = owner
    ? `process ${owner.pid}, running since ${owner.startedAt}${owner.address ? ` at ${owner.address}` : ''}`
    : 'another process'
  return `The data folder ${folder} is in use by ${who}: stop it first, or give this one another folder (dataFolder, or QUARTERDECK_DATA).`
}

function readOwnerFile(folder: string): Owner | undefined {
  try {
    const parsed: unknown = JSON.parse(readFileSync(join(folder, OWNER_FILE), 'utf8'))
    if (typeof parsed !== 'object' || parsed === null || !('pid' in parsed) || typeof parsed.pid !== 'number')
      return undefined
    return parsed as Owner // written by `lockFolder` alone; the pid was looked at
  } catch {
    return undefined
  }
}

/** The live owner of a data folder; undefined when nobody holds it. For command-line tools. */
export function ownerOf(folder: string): Owner | undefined {
  const owner = readOwnerFile(folder)
  if (!owner) return undefined
  const guard = tryGuard(folder)
  guard?.close()
  return guard ? undefined : owner
}
