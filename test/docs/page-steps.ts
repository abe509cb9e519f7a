import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import type { TestProgram } from '../_harness/program.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** A page of docs/, with the commands and configurations that it tells people to use. */
export class PageSteps {
  readonly #text: string

  constructor(name: string) {
    this.#text = readFileSync(`${ROOT}docs/${name}`, 'utf8')
  }

  /** The first `npm run …` that is so, in words. A line may break inside; `> file` says where people put what it prints. */
  command(is: RegExp): readonly string[] {
    const all = [...this.#text.matchAll(/`(npm run [^`]+)`/g)].map(([, command = '']) =>
      command.replaceAll(/\s+/g, ' '),
    )
    const found = all.find((command) => is.test(command))
    if (!found) throw new Error(`no command of the page is ${is}: ${all.join('; ')}`)
    return found.replace(/ > \S+$/, '').split(' ')
  }

  /** The configuration that names all of these, as an object. */
  configuration(...names: readonly string[]): Record<string, unknown> {
    const blocks = [...this.#text.matchAll(/^( *)```yaml\n([\s\S]*?)^ *```/gm)].map(([, indent = '', block = '']) =>
      block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    )
    const found = blocks.find((block) => names.every((name) => block.includes(name)))
    if (!found) throw new Error(`no configuration of the page has ${names.join(' and ')}`)
    return parse(found) as Record<string, unknown> // each is a mapping
  }

  /** What stands in the text between two words, across lines. */
  says(words: RegExp): string {
    return words.exec(this.#text.replaceAll(/\s+/g, ' '))?.[1] ?? ''
  }
}

/** As typed in a shell, in the folder of the program. */
export async function typed([program = '', ...words]: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, words, { cwd: ROOT })
  return stdout
}

/** "How to link it with a code": what Mira, who is known at the page, is given to say from that account. */
export async function codeFor(account: string, program: TestProgram): Promise<string> {
  const mira = await program.as('mira')
  const linked = await mira.seesTheEnd((await mira.says(`link ${account}`)).operationId)
  const { says } = await mira.clicks(linked, 'Show the code')
  return /(link \S+)$/.exec(says)?.[1] ?? says
}
