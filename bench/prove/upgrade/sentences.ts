import type { ChatName } from '../prover.ts'

/** What was asked before the upgrade that is to go another way than the rest. */
export interface Sentences {
  /** Pending approvals that are left alone, to see that they still expire. */
  readonly leftAlone: readonly string[]
  /** Said no to in a chat, where people are asked why. */
  readonly saidNoTo: readonly string[]
  /** What needs a person and finds none, to see that it waits for one. */
  readonly nobodySettles: readonly string[]
  /** The other one has said yes already; lena says hers, in Teams from an account that a code tied to her. */
  readonly lenaLast: readonly string[]
  /** Asked back before the upgrade how many, and answered after it. */
  readonly questions: readonly string[]
}

export const ON_PAGE: Sentences = {
  leftAlone: ['scale catalog to 9 in production'],
  saidNoTo: ['restart payments in production'],
  nobodySettles: ['scale web to 2 in dev for 2h'],
  lenaLast: [],
  questions: [],
}

/**
 * What is asked about in each chat: no service in both, so that neither waits for the other, and none that another tool owns. The sentences of
 * golden-plays.ts are about these.
 */
export const SERVICES: Readonly<Record<ChatName, readonly [string, string, string, string]>> = {
  slack: ['cart', 'orders', 'checkout', 'search'],
  teams: ['inventory', 'payments', 'web', 'catalog'],
}
const inBoth = (say: (...services: readonly string[]) => string) => Object.values(SERVICES).map((all) => say(...all))

export const IN_CHATS: Sentences = {
  leftAlone: inBoth((_a, _b, _c, d) => `scale ${d} to 9 in production`),
  saidNoTo: inBoth((_a, _b, c) => `restart ${c} in production`),
  nobodySettles: inBoth((_a, _b, c) => `scale ${c} to 2 in dev for 2h`),
  lenaLast: inBoth((a) => `scale ${a} to 0 in production`),
  questions: inBoth((_a, _b, c) => `scale ${c} in production`),
}
export const ANSWER = '6'
