import { execFile } from 'node:child_process'
import { readFile, rm, statfs } from 'node:fs/promises'
import { basename } from 'node:path'
import { promisify } from 'node:util'
import { LEAST_FREE_BYTES } from '../../../db/embedded/disk-guard.ts'

const run = promisify(execFile)
const SIZE_BYTES = 1024 * 1024 * 1024
/** A disk is named by the process that mounted it, so that the next one knows whose owner is dead. */
const NAME = 'quarterdeck-prove-'
const LEFT = new RegExp(`^${NAME}(\\d+) (\\S+) tmpfs `, 'gm')

/** A disk of the proof's own under a folder, which can be full. */
export interface SmallDisk {
  fill(): Promise<void>
  empty(): Promise<void>
  close(): Promise<void>
}

/** Undefined where this process may not mount one (it takes root, and Linux). */
export async function smallDiskOn(folder: string): Promise<SmallDisk | undefined> {
  await unmountLeft()
  const options = (bytes: number, ...more: string[]) => ['-o', [...more, `size=${bytes}`].join(',')]
  try {
    await run('mount', ['-t', 'tmpfs', ...options(SIZE_BYTES), `${NAME}${process.pid}`, folder])
  } catch {
    return undefined
  }
  const resize = (bytes: number) => run('mount', [...options(bytes, 'remount'), folder])
  return {
    async fill() {
      const { blocks, bfree, bsize } = await statfs(folder)
      // Room enough for what is being written at this moment, and too little for the guard.
      await resize((blocks - bfree) * bsize + LEAST_FREE_BYTES / 2)
    },
    empty: async () => void (await resize(SIZE_BYTES)),
    close: async () => void (await run('umount', ['-l', folder])),
  }
}

/** Takes away the disks of provers that were killed, and the folders under them. */
async function unmountLeft(): Promise<void> {
  // Where there is no such file, nothing can be mounted either.
  const mounts = await readFile('/proc/mounts', 'utf8').catch(() => '')
  for (const [, pid, folder] of mounts.matchAll(LEFT)) {
    if (!folder || !basename(folder).startsWith(NAME) || lives(Number(pid))) continue
    // Somebody else may be at it as well.
    await run('umount', ['-l', folder]).catch(() => undefined)
    await rm(folder, { recursive: true, force: true })
  }
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // It lives, and is not ours to signal.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
