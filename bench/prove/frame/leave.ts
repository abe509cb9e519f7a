import { exit, stdout } from 'node:process'

/** Ends the process once all it said is out: what a pipe has not taken yet would go with it, and the verdict comes last. */
export async function leave(code: number): Promise<never> {
  await new Promise<void>((resolve) => stdout.write('', () => resolve()))
  return exit(code)
}
