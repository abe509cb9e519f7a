import { PassThrough } from 'node:stream'
import { expect } from 'vitest'
import { runChat } from '../../../bot/cli/chat.ts'
import { soon } from '../../_harness/soon.ts'

/** Somebody at a terminal that is no TTY. */
export function sitAt(address: string | undefined, argv: readonly string[]) {
  const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()]
  let screen = ''
  let complaint = ''
  output.on('data', (chunk) => (screen += chunk))
  errors.on('data', (chunk) => (complaint += chunk))
  const left = runChat({ argv, address, input, output, errors })
  return {
    left,
    types: (line: string) => input.write(`${line}\n`),
    sees: (text: string | RegExp) => soon(() => expect(screen).toMatch(text)),
    get screen() {
      return screen
    },
    get complaint() {
      return complaint
    },
    leave: async () => {
      input.end()
      return left
    },
  }
}
