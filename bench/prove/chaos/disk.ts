import { execFile } from 'node:child_process'
import { statfs } from 'node:fs/promises'
import { promisify } from 'node:util'
import { LEAST_FREE_BYTES } from '../../../db/embedded/disk-guard.ts'

const run = promisify(execFile)
const SIZE_BYTES = 1024 * 1024 * 1024

/** A disk of the proof's own under a folder, which can be full. */
export interface SmallDisk {
  fill(): Promise<void>
  empty(): Promise<void>
  close(): Promise<void>
}

/** Undefined where this process may not mount one (it takes root, and Linux). */
export async function smallDiskOn(folder: string): Promise<SmallDisk | undefined> {
  const options = (bytes: number, ...more: string[]) => ['-o', [...more, `size=${bytes}`].join(',')]
  try {
    await run('mount', ['-t', 'tmpfs', ...options(SIZE_BYTES), 'quarterdeck-prove', folder])
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
