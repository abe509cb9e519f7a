import type { SeriesDatabase } from './database.ts'
import { formatValue } from './promql/aggregate.ts'
import type { Labels } from './time-series.ts'

const escapes: Record<string, string> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' }

function showLabels(labels: Labels): string {
  const pairs = Object.entries(labels)
    .filter(([name]) => name !== '__name__')
    .map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, (character) => escapes[character] ?? '')}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

/** Every series that has a sample now, in the Prometheus text format 0.0.4, families together. */
export function writeExposition(database: SeriesDatabase, nowMs: number): string {
  const lines: string[] = []
  for (const [family, { type, help }] of database.descriptions) {
    const names = type === 'histogram' ? [`${family}_bucket`, `${family}_sum`, `${family}_count`] : [family]
    const samples = names.flatMap((name) =>
      database
        .select([{ label: '__name__', operator: '=', value: name, matches: (value) => value === name }])
        .flatMap((series) => {
          const sample = series.latest(nowMs, 60_000)
          return sample === undefined ? [] : [`${name}${showLabels(series.labels)} ${formatValue(sample.value)}`]
        }),
    )
    if (samples.length > 0) lines.push(`# HELP ${family} ${help}`, `# TYPE ${family} ${type}`, ...samples)
  }
  return `${lines.join('\n')}\n`
}
