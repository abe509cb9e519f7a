import { parseArgs } from 'node:util'
import { BACKENDS, type Backend, CHATS, type ChatName } from '../prover.ts'

export interface Asked {
  /** A prover's name, or `all`. */
  readonly name: string
  readonly seed: number
  readonly runs: number | undefined
  readonly backend: Backend | undefined
  readonly surface: ChatName | undefined
  readonly sabotage: string | undefined
  readonly short: boolean
  /** Of `all`: every prover once, and of the rest only every `of`th, beginning with the `at`th (1 is the first). */
  readonly part: { readonly at: number; readonly of: number } | undefined
}

/** What was typed is not what can be run; the message says what can. */
export class WrongArguments extends Error {}

const usage = (names: readonly string[]) =>
  `npm run prove -- NAME [--seed S] [--runs N] [--backend ${BACKENDS.join('|')}] [--surface ${CHATS.join('|')}] [--sabotage NAME] [--short] [--part K/N], where NAME is all, ${names.join(', ')}; or --list.`

/** Reads the words behind `npm run prove --`. Throws WrongArguments. */
export function readArguments(words: readonly string[], names: readonly string[]): Asked | 'list' {
  const { values, positionals } = parsed(words, names)
  if (values.list) return 'list'
  const [name, ...more] = positionals
  if (name === undefined || more.length > 0)
    throw new WrongArguments(`Say which promise to prove, one name: ${usage(names)}`)
  if (name !== 'all' && !names.includes(name))
    throw new WrongArguments(`There is no prover named "${name}": ${usage(names)}`)
  const only = (['runs', 'sabotage', 'surface'] as const).find((flag) => values[flag] !== undefined)
  if (name === 'all' && only)
    throw new WrongArguments(`--${only} belongs to one prover; "all" chooses for each: ${usage(names)}`)
  return {
    name,
    seed: whole('seed', values.seed) ?? 1,
    runs: whole('runs', values.runs, 1),
    backend: oneOf('backend', BACKENDS, values.backend),
    surface: oneOf('surface', CHATS, values.surface),
    sabotage: values.sabotage,
    short: values.short ?? false,
    part: partOf(name, values.part, names),
  }
}

function partOf(name: string, said: string | undefined, names: readonly string[]): Asked['part'] {
  if (said === undefined) return undefined
  if (name !== 'all') throw new WrongArguments(`--part divides "all": ${usage(names)}`)
  const [, at, of] = (/^([1-9]\d?)\/([1-9]\d?)$/.exec(said) ?? []).map(Number)
  if (at === undefined || of === undefined || at > of)
    throw new WrongArguments(`--part ${said} is no part; write one like 2/4: ${usage(names)}`)
  return { at, of }
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
        surface: { type: 'string' },
        sabotage: { type: 'string' },
        short: { type: 'boolean' },
        part: { type: 'string' },
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

function oneOf<Name extends string>(flag: string, known: readonly Name[], value: string | undefined): Name | undefined {
  const found = known.find((name) => name === value)
  if (value !== undefined && !found)
    throw new WrongArguments(`--${flag} is one of ${known.join(', ')}, not "${value}".`)
  return found
}
