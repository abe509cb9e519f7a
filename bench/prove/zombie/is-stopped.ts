import { readFileSync } from 'node:fs'

/** Whether a process is paused by a signal, from Linux's /proc. */
export function isStopped(pid: number): boolean {
  // The name, in brackets, may hold anything; the state follows it.
  return /\) T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
}
