import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { ConfigError } from '../../../core/errors.ts'
import type { TrainingExample } from '../model/intent-model.ts'

/** What stands in a training sentence where a value was: the reader replaces values before it classifies. */
export const PLACEHOLDERS = [
  ...[
    'service',
    'environment',
    'version',
    'previous',
    'number',
    'change',
    'duration',
    'moment',
    'operation',
    'incident',
  ],
  ...['person', 'channel', 'money', 'period', 'schedule', 'severity', 'account', 'quoted', 'url', 'variables'],
  ...['mode', 'state'],
] as const

const KNOWN: ReadonlySet<string> = new Set(PLACEHOLDERS)
const ENDING = '.jsonl'

/** `kind` says why a sentence of `none` asks for nothing; it is for whoever adds to the file, the reader learns only the label. */
const Line = z.strictObject({ text: z.string(), kind: z.string().optional() })

let loaded: readonly TrainingExample[] | undefined

/** Every example of the `*.jsonl` beside this file, read once; the file's name is the label. Throws ConfigError naming file and line. */
export function loadTrainingExamples(): readonly TrainingExample[] {
  loaded ??= readTrainingFolder(import.meta.dirname)
  return loaded
}

/** The examples of a folder of `<skill>.jsonl`, in the order of the files' names. Throws ConfigError naming file and line. */
export function readTrainingFolder(folder: string): readonly TrainingExample[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(ENDING))
    .sort()
    .flatMap((file) => readTrainingFile(folder, file))
}

function readTrainingFile(folder: string, file: string): TrainingExample[] {
  const label = basename(file, ENDING)
  const lines = readFileSync(join(folder, file), 'utf8')
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
  return lines.map((line, index) => ({ text: readText(line, `${file}:${index + 1}`), label }))
}

function readText(line: string, where: string): string {
  const { text } = parseLine(line, where)
  if (text.trim() === '') throw new ConfigError(`${where} has an empty text: write a sentence or take the line away.`)
  for (const [written, inner = ''] of text.matchAll(/\{\s*([\w-]+)\s*\}/g)) {
    // Spaces or capitals inside the braces are a slip of the pen, not a placeholder of their own.
    if (written !== `{${inner}}` || !KNOWN.has(inner))
      throw new ConfigError(
        `${where} has the unknown placeholder ${written}: it may be one of ${PLACEHOLDERS.join(', ')}.`,
      )
  }
  return text
}

function parseLine(line: string, where: string): z.infer<typeof Line> {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch {
    throw new ConfigError(`${where} is not JSON: a line is {"text": "…"}.`)
  }
  const parsed = Line.safeParse(json)
  if (!parsed.success)
    throw new ConfigError(`${where} is no training line: write {"text": "…"}, with "kind" if you like.`)
  return parsed.data
}
