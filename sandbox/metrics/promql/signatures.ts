import type { ValueType } from './syntax.ts'

export interface Signature {
  arguments: ValueType[]
  /** How many of the last arguments may be left out. */
  optional?: number
  variadic?: boolean
  returns: ValueType
}

/** Aggregation operators and how many arguments each takes. */
export const aggregationOperators = new Map<string, 1 | 2>([
  ['sum', 1],
  ['avg', 1],
  ['min', 1],
  ['max', 1],
  ['count', 1],
  ['group', 1],
  ['stddev', 1],
  ['stdvar', 1],
  ['topk', 2],
  ['bottomk', 2],
  ['quantile', 2],
  ['count_values', 2],
])

const overRange: Signature = { arguments: ['matrix'], returns: 'vector' }
const overVector: Signature = { arguments: ['vector'], returns: 'vector' }
const ofTime: Signature = { arguments: ['vector'], optional: 1, returns: 'vector' }

const rangeFunctions = [
  ...['rate', 'irate', 'increase', 'delta', 'idelta', 'deriv', 'changes', 'resets'],
  ...['avg', 'sum', 'min', 'max', 'count', 'last', 'stddev', 'stdvar', 'present', 'absent'].map(
    (of) => `${of}_over_time`,
  ),
]
const vectorFunctions = ['abs', 'ceil', 'floor', 'sqrt', 'exp', 'ln', 'log2', 'log10', 'sgn', 'absent', 'timestamp']
const timeFunctions = ['minute', 'hour', 'day_of_week', 'day_of_month', 'days_in_month', 'month', 'year']

/** The functions the sandbox knows, with the types they need (https://prometheus.io/docs/prometheus/latest/querying/functions/). */
export const functions: Readonly<Record<string, Signature>> = {
  ...Object.fromEntries(rangeFunctions.map((name) => [name, overRange])),
  ...Object.fromEntries([...vectorFunctions, 'sort', 'sort_desc'].map((name) => [name, overVector])),
  ...Object.fromEntries(timeFunctions.map((name) => [name, ofTime])),
  quantile_over_time: { arguments: ['scalar', 'matrix'], returns: 'vector' },
  predict_linear: { arguments: ['matrix', 'scalar'], returns: 'vector' },
  histogram_quantile: { arguments: ['scalar', 'vector'], returns: 'vector' },
  round: { arguments: ['vector', 'scalar'], optional: 1, returns: 'vector' },
  clamp: { arguments: ['vector', 'scalar', 'scalar'], returns: 'vector' },
  clamp_min: { arguments: ['vector', 'scalar'], returns: 'vector' },
  clamp_max: { arguments: ['vector', 'scalar'], returns: 'vector' },
  scalar: { arguments: ['vector'], returns: 'scalar' },
  vector: { arguments: ['scalar'], returns: 'vector' },
  time: { arguments: [], returns: 'scalar' },
  pi: { arguments: [], returns: 'scalar' },
  label_replace: { arguments: ['vector', 'string', 'string', 'string', 'string'], returns: 'vector' },
  label_join: { arguments: ['vector', 'string', 'string', 'string'], optional: 1, variadic: true, returns: 'vector' },
}
