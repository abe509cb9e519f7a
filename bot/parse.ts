import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { Catalog } from '../core/catalog/catalog.ts'
import type { Interpretation } from '../core/interpretation.ts'
import type { Person } from '../core/person.ts'
import type { SpokenSkillSet } from '../core/skill-set.ts'
import { splitRequests } from './conversation/split-request.ts'
import { createNameIndex } from './people/names.ts'
import { cleanText } from './understand/clean.ts'
import { understand } from './understand/understand.ts'

/** One line of `npm run parse -- --json` (DESIGN §7). Several different requests at once have no skill, and are ambiguous in it. */
type ParsedLine = Pick<
  Interpretation,
  'text' | 'skill' | 'input' | 'confidence' | 'missing' | 'ambiguous' | 'invalid'
> & {
  readonly by: Interpretation['by']
}

/**
 * The `parse` command: reads one utterance a line and writes what was understood, one JSON a line (`json`) or in words. It is how
 * understanding is debugged and measured; nothing is run. Resolves when the input ends.
 */
export async function parse(options: {
  readonly skills: SpokenSkillSet
  readonly catalog: Catalog
  readonly people: readonly Person[]
  readonly input: Readable
  readonly output: Writable
  readonly json: boolean
  readonly now?: Date
}): Promise<void> {
  const { skills, catalog, people, input, output, json, now = new Date() } = options
  const peopleNamed = createNameIndex(people)
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    const options = { skills, catalog, peopleNamed, now }
    const read = understand(line, options)
    const { text, skill, input: values, confidence, missing, invalid, by, questions } = read
    const parts = skill === null ? splitRequests(cleanText(line), options) : undefined
    const ambiguous = parts ? ['skill'] : read.ambiguous
    const parsed: ParsedLine = { text, skill, input: values, confidence, missing, ambiguous, invalid, by }
    const says = (questions ?? []).map((question) => question.says).join(' ')
    const shown = json
      ? JSON.stringify(parsed)
      : parts
        ? `${text}\n  Which one first? ${parts.map((part) => `"${part}"`).join(' · ')}`
        : `${text}\n  ${skill ?? 'no request'} ${JSON.stringify(values)} (${by}, ${confidence})${missing.length ? ` missing ${missing.join(', ')}` : ''} ${says}`.trimEnd()
    // A reader that left is told by the stream itself; there is nobody to go on for.
    if (!output.write(`${shown}\n`)) await once(output, 'drain').catch(() => undefined)
    if (output.errored) return
  }
}
