/** What a lot of sequences came to, so that a proof in which nothing ever ran is not taken for one. */
export interface Tally {
  commands: number
  clicks: number
  counted: number
  ranApproved: number
  ranBrokenGlass: number
  rejected: number
  voided: number
}

export const emptyTally = (): Tally => ({
  ...{ commands: 0, clicks: 0, counted: 0, ranApproved: 0, ranBrokenGlass: 0, rejected: 0, voided: 0 },
})

/** A promise that was found broken. */
export class Broken extends Error {}
