/** Letters, marks and scripts. */
const LETTERS = [
  ...'abcdefghijklmnopqrstuvwxyz0123456789 \n\t.,;:!?\'"`()[]{}<>@#$%^&*-_=+/\\|~äéßñ日本語\u0000\u200b\u202e\ufeff😀',
]
/** Words of the trade that say nothing whole together: without a verb of change or without a place. */
const WORDS =
  'status logs to in for until because not if please the of and or op-7f3k9m2q INC-142 booking seat-map ledger qa preprod live-eu prod 6 +3 x2 1.4.2 2h friday 18:00 tomasz'.split(
    ' ',
  )
const LONGEST = 24

/** `count` random texts from a generator with a fixed start (Park and Miller 1988), the same each time. */
export function* noiseTexts(count: number): Generator<string> {
  let state = 20_261_118
  const next = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
  for (let made = 0; made < count; made++) {
    const words = next(2) === 0
    const pieces = words ? WORDS : LETTERS
    const length = 1 + next(words ? 8 : LONGEST)
    yield Array.from({ length }, () => pieces[next(pieces.length)]).join(words ? ' ' : '')
  }
}
