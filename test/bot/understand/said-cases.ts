import { expect, it } from 'vitest'
import { said } from './wharf.ts'

/** The values alone: whether a sentence is a request is for other tests. */
export type SaidCase = readonly [skill: string, input: object, ...texts: string[]]

/** What most of the tables speak of, and what is said of it. */
export const inCanal = (more: object = {}) => ({ service: 'manifest', environment: 'canal', ...more })

/** Each of its texts says the input for the skill, and leaves nothing open. */
export function eachIsSaid(cases: readonly SaidCase[]): void {
  it.each(cases.map(([skill, input, ...texts]) => ({ skill, input, texts })))(
    '$skill $input',
    ({ skill, input, texts }) => {
      for (const text of texts) {
        const found = said(skill, text)
        expect(found.input, text).toEqual(input)
        expect([...found.missing, ...found.ambiguous, ...found.invalid], text).toEqual([])
      }
    },
  )
}
