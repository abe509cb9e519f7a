import { createReadStream, createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { z } from 'zod'
import { messageOf, UserError } from '../../core/errors.ts'

/**
 * A backup: gzipped lines. The first says what it is; then for each table a line with its name and its rows, one a line, as JSON; the last
 * says that it is whole. It can be restored into either database.
 */
const headerSchema = z.object({
  quarterdeckBackup: z.literal(1),
  at: z.string(),
  /** The newest migration of the database it was taken from. */
  schema: z.string(),
})
const digestsSchema = z.object({ end: z.record(z.string(), z.object({ rows: z.number(), sha256: z.string() })) })
const tableSchema = z.object({ table: z.string() })

export type BackupHeader = z.output<typeof headerSchema>
export type Digests = z.output<typeof digestsSchema>['end']

/** Writes `lines` to a file that is seen under its name only when it is complete and on the disk. */
export async function writeBackup(file: string, lines: AsyncIterable<string>): Promise<void> {
  const part = `${file}.part`
  try {
    await pipeline(Readable.from(withNewlines(lines)), createGzip(), createWriteStream(part, { mode: 0o600 }))
    const written = await open(part, 'r+')
    await written.sync().finally(() => written.close())
    await rename(part, file)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

async function* withNewlines(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`
}

export const headerLine = (header: BackupHeader) => JSON.stringify(header)
export const tableLine = (table: string) => JSON.stringify({ table })
export const endLine = (end: Digests) => JSON.stringify({ end })

export type BackupPart =
  | { readonly kind: 'header'; readonly header: BackupHeader }
  | { readonly kind: 'rows'; readonly table: string; readonly rows: readonly string[] }
  | { readonly kind: 'end'; readonly digests: Digests }

const PAGE = 500

/** Reads a backup part by part. Throws UserError for a file that is none, or that is not whole. */
export async function* readBackup(file: string): AsyncGenerator<BackupPart> {
  let table: string | undefined
  let rows: string[] = []
  let number = 0
  for await (const line of linesOf(file)) {
    number += 1
    if (number === 1) {
      yield { kind: 'header', header: headerOf(file, line) }
      continue
    }
    if (line === '') continue
    // A row of ours is a JSON object of columns; none of them is called `table` or `end`.
    const marker = /^\{"(table|end)":/.exec(line)?.[1]
    if (!marker) {
      rows.push(line)
      if (rows.length < PAGE) continue
    }
    if (table && rows.length > 0) yield { kind: 'rows', table, rows }
    rows = []
    if (marker === 'table') table = marked(tableSchema, file, line).table
    if (marker === 'end') {
      yield { kind: 'end', digests: marked(digestsSchema, file, line).end }
      return
    }
  }
  throw new UserError(`The backup ${file} is not whole (its end is missing): take another one.`)
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const raw = createReadStream(file)
  const text = raw.pipe(createGunzip())
  raw.on('error', (error) => text.destroy(error))
  try {
    // Not readline, which also breaks lines at U+2028, a character that people may have said.
    let rest = ''
    for await (const chunk of text.setEncoding('utf8')) {
      const whole = `${rest}${chunk}`.split('\n')
      rest = whole.pop() ?? ''
      yield* whole
    }
  } catch (error) {
    throw new UserError(`The backup ${file} cannot be read (${messageOf(error)}): name another file.`)
  } finally {
    raw.destroy()
  }
}

/** What a line says that is not a row. Its checksum comes last in a gzip file: what was changed on the way is met before it. */
function marked<Schema extends z.ZodType>(schema: Schema, file: string, line: string): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(line))
  } catch {
    throw new UserError(`The backup ${file} was changed since it was written: take another one.`)
  }
}

function headerOf(file: string, line: string): BackupHeader {
  try {
    return headerSchema.parse(JSON.parse(line))
  } catch {
    throw new UserError(`${file} is no backup of Quarterdeck, or of a newer one than this: name another file.`)
  }
}
