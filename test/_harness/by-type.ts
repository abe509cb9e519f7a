import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** What is shown somewhere, as it is sent there. */
export interface Shown<Kind extends string> {
  /** For people: which card, drawn how. */
  readonly name: string
  /** A type that the text of the types declares. */
  readonly kind: Kind
  readonly sent: object
}

/** Under node_modules, so that the compiler finds packages as it does for us. */
const CACHE = join(process.cwd(), 'node_modules', '.cache')
const FLAGS =
  '--ignoreConfig --noEmit --strict --skipLibCheck --target esnext --module nodenext --moduleResolution nodenext'

/**
 * What the TypeScript compiler says against them by somebody's own types: each is written out as a literal, so that a field nobody knows is
 * found as well as one that is missing or has a wrong value. Such types know no lengths.
 */
export function faultsByType<Kind extends string>(types: string, all: readonly Shown<Kind>[]): string[] {
  mkdirSync(CACHE, { recursive: true })
  const folder = mkdtempSync(join(CACHE, 'by-type-'))
  try {
    const file = join(folder, 'shown.ts')
    const lines = all.map(({ kind, sent }) => `void (${literal(sent)} satisfies ${kind})`)
    writeFileSync(file, [types, ...lines].join('\n'))
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    const compiler = join(process.cwd(), 'node_modules', '.bin', 'tsc')
    const { status, stdout, stderr } = spawnSync(
      compiler,
      [...FLAGS.split(' '), '--types', 'node', '--pretty', 'false', relative(process.cwd(), file)],
      { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
    )
    const typeLines = types.split('\n').length
    const faults = stdout.split('\n').flatMap((line) => {
      const [, at, says = ''] = /\((\d+),\d+\): error (.*)$/.exec(line) ?? []
      if (at === undefined) return []
      return [`${all[Number(at) - typeLines - 1]?.name ?? 'the types themselves'}: ${says.slice(0, 400)}`]
    })
    if ((status === 0) !== (faults.length === 0)) throw new Error(`tsc ended with ${status}: ${stdout}${stderr}`)
    return faults
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** As it goes over the wire; the two line ends of Unicode would begin a new line of the file. */
const literal = (sent: object): string =>
  JSON.stringify(sent).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
