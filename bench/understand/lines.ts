import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'

const request = z.strictObject({ text: z.string(), skill: z.string(), input: z.record(z.string(), z.json()) })
const unclear = z.strictObject({ text: z.string(), skill: z.string().nullable(), ask: z.array(z.string()) })
const noRequest = z.strictObject({ text: z.string(), kind: z.string() })
const foreign = z.strictObject({
  text: z.string(),
  language: z.enum(['de', 'es', 'fr', 'ja']),
  skill: z.string().nullable(),
  input: z.record(z.string(), z.json()),
})

/** SHA-256 of the four files as they were written, before the reader. A change of the test is a change of this line, for all to see. */
const WRITTEN = '3073e6895de688868f228d4ad5c0d7818030aa77556d6d517c418a76fb78ed69'

export interface UnderstandingTest {
  readonly requests: readonly z.output<typeof request>[]
  readonly unclear: readonly z.output<typeof unclear>[]
  readonly noRequests: readonly z.output<typeof noRequest>[]
  readonly languages: readonly z.output<typeof foreign>[]
}

/** The test of README.md beside this file. Throws when a file of it is not the one that was written. */
export function readUnderstandingTest(): UnderstandingTest {
  return readSentences('')
}

/** Sentences of another company, in a folder beside this file: `practice/bank/`, `practice/parcels/`. They have none in other languages. */
export function readSentences(folder: string): UnderstandingTest {
  const names = ['requests', 'unclear', 'no-requests', ...(folder === '' ? ['languages'] : [])]
  const texts = names.map((name) => readFileSync(new URL(`${folder}${name}.jsonl`, import.meta.url), 'utf8'))
  const hash = createHash('sha256').update(texts.join('\0')).digest('hex')
  if (folder === '' && hash !== WRITTEN)
    throw new Error(`The understanding test is not the one that was written: its hash is ${hash}.`)
  const [requests = '', unclears = '', noRequests = '', languages = ''] = texts
  return {
    requests: linesOf(requests, request),
    unclear: linesOf(unclears, unclear),
    noRequests: linesOf(noRequests, noRequest),
    languages: linesOf(languages, foreign),
  }
}

function linesOf<Line>(text: string, schema: z.ZodType<Line>): Line[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => schema.parse(JSON.parse(line)))
}

/** Whether work on the reader may look at how this line fails. Half of them, by hash. */
export const isOpen = (text: string): boolean => (createHash('sha256').update(text).digest()[0] ?? 0) % 2 === 0
