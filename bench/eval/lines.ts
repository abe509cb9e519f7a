import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { UserError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'

/** What a line of a test says was meant (bench/understand/README.md). */
export type Line =
  | { readonly kind: 'request'; readonly text: string; readonly skill: string; readonly input: JsonObject }
  | { readonly kind: 'unclear'; readonly text: string; readonly skill: string | null; readonly ask: readonly string[] }
  | { readonly kind: 'none'; readonly text: string }

const asWritten = z.union([
  z.object({ text: z.string(), skill: z.string().nullable(), ask: z.array(z.string()) }),
  z.object({ text: z.string(), skill: z.string().nullable(), input: z.record(z.string(), z.json()) }),
  z.object({ text: z.string(), kind: z.string() }),
])

/** The lines of a JSONL file in any of the test's formats. Throws UserError with the line that is in none. */
export function readLines(file: string): readonly Line[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    throw new UserError(`The test ${file} cannot be read: name a JSONL file like bench/understand/requests.jsonl.`)
  }
  return text.split('\n').flatMap((line, index) => (line.trim() ? [parsed(line, `${file}, line ${index + 1}`)] : []))
}

function parsed(line: string, where: string): Line {
  let found: z.output<typeof asWritten>
  try {
    found = asWritten.parse(JSON.parse(line))
  } catch {
    throw new UserError(`${where}: this is no line of a test; see bench/understand/README.md for the formats.`)
  }
  const { text } = found
  if ('ask' in found) return { kind: 'unclear', text, skill: found.skill, ask: found.ask }
  if ('input' in found && found.skill !== null) return { kind: 'request', text, skill: found.skill, input: found.input }
  return { kind: 'none', text }
}
