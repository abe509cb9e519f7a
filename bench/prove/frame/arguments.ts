import { parseArgs } from 'node:util'
import { BACKENDS, type Backend } from '../prover.ts'

export interface Asked {
  /** A prover's name, or `all`. */
  readonly name: string
  readonly seed: number
  readonly runs: number | undefined
  readonly backend: Backend | undefined
  readonly sabotage: string | undefined
  readonly short: boolean
}

/** What was typed is not what can be run; the message says what can. */
export class WrongArguments extends Error {}

const usage = (names: readonly string[]) =>
  `npm run prove -- NAME [--seed S] [--runs N] [--backend ${BACKENDS.join('|')}] [--sabotage NAME] [--short], where NAME is all, ${names.join(', ')}; or --list.`

/** Reads the words behind `npm run prove --`. Throws WrongArguments. */
export function readArguments(words: readonly string[], names: readonly string[]): Asked | 'list' {
  const { values, positionals } = parsed(words, names)
  if (values.list) return 'list'
  const [name, ...more] = positionals
  if (name === undefined || more.length > 0)
    throw new WrongArguments(`Say which promise to prove, one name: ${usage(names)}`)
  if (name !== 'all' && !names.includes(name))
    throw new WrongArguments(`There is no prover named "${name}": ${usage(names)}`)
  const only = (['runs', 'sabotage'] as const).find((flag) => values[flag] !== undefined)
  if (name === 'all' && only)
    throw new WrongArguments(`--${only} belongs to one prover; "all" chooses for each: ${usage(names)}`)
  return {
    name,
    seed: whole('seed', values.seed) ?? 1,
    runs: whole('runs', values.runs, 1),
    backend: backendNamed(values.backend),
    sabotage: values.sabotage,
    short: values.short ?? false,
  }
}

function parsed(words: readonly string[], names: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        seed: { type: 'string' },
        runs: { type: 'string' },
        backend: { type: 'string' },
        sabotage: { type: 'string' },
        short: { type: 'boolean' },
        list: { type: 'boolean' },
      },
    })
  } catch (error) {
    throw new WrongArguments(`${error instanceof Error ? error.message : error}. ${usage(names)}`)
  }
}

function whole(flag: string, value: string | undefined, least = 0): number | undefined {
  if (value === undefined) return undefined
  const number = Number(value)
  if (!/^\d+$/.test(value) || number < least || number > 0xffff_ffff)
    throw new WrongArguments(`--${flag} takes a whole number from ${least} to 4294967295, not "${value}".`)
  return number
}

function backendNamed(value: string | undefined): Backend | undefined {
  const backend = BACKENDS.find((known) => known === value)
  if (value !== undefined && !backend)
    throw new WrongArguments(`--backend is one of ${BACKENDS.join(', ')}, not "${value}".`)
  return backend
}
