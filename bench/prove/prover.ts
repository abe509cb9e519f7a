export const BACKENDS = ['pglite', 'postgres', 'redis'] as const
/** `postgres` needs QUARTERDECK_TEST_POSTGRES; `redis` needs that and QUARTERDECK_TEST_REDIS. */
export type Backend = (typeof BACKENDS)[number]

/** Chat services over which people may ask; without one a prover asks as it always did. */
export const CHATS = ['slack', 'teams'] as const
export type ChatName = (typeof CHATS)[number]

export interface ProveOptions {
  /** All randomness comes from it: the same seed tries the same things. */
  readonly seed: number
  readonly runs: number
  readonly backend: Backend
  readonly surface: ChatName | undefined
  readonly sabotage: string | undefined
  readonly short: boolean
  /** Prints a line for people. */
  readonly say: (line: string) => void
}

/** A promise that was broken: what was promised, and a sentence with ids that says how. */
export interface Breach {
  readonly promise: string
  readonly what: string
  /** The seed that shows it alone, when it is not the run's. */
  readonly seed?: number
}

export interface Findings {
  readonly tried: Readonly<Record<string, number>>
  readonly breaches: readonly Breach[]
  readonly figures?: Readonly<Record<string, number>>
}

/** `find` must occur exactly once in `file` (a path from the root), or the run is refused. */
export interface Mutation {
  readonly file: string
  readonly find: string
  readonly replace: string
}

/** A fault put into our own code for one run. */
export interface Sabotage extends Mutation {
  readonly name: string
  /** The promise it breaks, in a few words. */
  readonly breaks: string
  /** What else has to be put off, where two things keep one promise. */
  readonly also?: Mutation
  /** How many runs are enough to catch it; the prover's short form when it says nothing. */
  readonly runs?: number
  /** Where it is caught quickest; the prover's first backend when it says nothing. */
  readonly backend?: Backend
  /** Where it is caught; the prover's own way of asking when it says nothing. */
  readonly surface?: ChatName
}

export interface Prover {
  readonly name: string
  /** What it proves, in a sentence. */
  readonly proves: string
  readonly backends: readonly Backend[]
  readonly runs: { readonly long: number; readonly short: number }
  readonly sabotages: readonly Sabotage[]
  /** People may also ask over Slack and Teams; so many runs are the short form there. */
  readonly overChat?: { readonly short: number }
  /** Rejects when it could not try what it is for; a promise found broken is a breach, not a rejection. */
  prove(options: ProveOptions): Promise<Findings>
}

export const prover = (p: Prover) => p
