import { readdirSync } from 'node:fs'
import { argv, exit, stderr, stdout } from 'node:process'
import type { Bench, Report } from './report.ts'

/** The files that are benchmarks: those whose default export is one. */
const NOT_BENCHES = new Set(['run', 'report', 'places', 'floor', 'house', 'processes', 'page'])

function names(): string[] {
  return readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .filter((name) => !NOT_BENCHES.has(name))
}

function show(report: Report, short: boolean): void {
  for (const skipped of report.skipped) stdout.write(`NOT MEASURED: ${skipped}\n`)
  for (const { promise, measured, unit, bar, kept } of report.bars) {
    const verdict = short ? 'short run' : kept ? 'kept' : 'BROKEN'
    stdout.write(`${verdict.padEnd(9)} ${promise}: ${measured} ${unit} (bar ${bar})\n`)
  }
  stdout.write(`${JSON.stringify({ ...report, short })}\n`)
}

const [name = '', ...flags] = argv.slice(2)
if (name === '--list') {
  stdout.write(`${names().join('\n')}\n`)
  exit(0)
}
if (!names().includes(name)) {
  stderr.write(`Say which benchmark: npm run bench -- NAME [--short], where NAME is one of ${names().join(', ')}.\n`)
  exit(2)
}
const short = flags.includes('--short')
const module: { default: Bench } = await import(`./${name}.ts`)
const report = { name, ...(await module.default({ short, say: (line) => stdout.write(`${line}\n`) })) }
show(report, short)
// A short run is too short for its times to mean anything; it fails by throwing, when what it computes is wrong. In CI nothing is skipped.
const complete = !process.env.CI || report.skipped.length === 0
exit(complete && (short || report.bars.every((bar) => bar.kept)) ? 0 : 1)
