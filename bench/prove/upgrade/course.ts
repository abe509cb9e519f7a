import { isTerminal, type OperationState } from '../../../core/states.ts'
import type { ChatName } from '../prover.ts'
import type { Decision } from './hands.ts'
import type { Sentences } from './sentences.ts'
import type { Stand } from './world.ts'

export const isPending = ({ state }: Stand) => state === 'awaiting_approval' || state === 'planned'
export const needsPerson = ({ state }: Stand) => state === 'needs_human'

/** What people do about what the release before left, and what becomes of it. */
export interface Course {
  /** Nobody decides about it any more. */
  isLeft(stand: Stand): boolean
  /** Who presses what. */
  decisionOn(stand: Stand): { readonly person: string; readonly verb: Decision }
  isSaidNoTo(stand: Stand): boolean
  /** What it must become, by what it was. */
  endOf(stand: Stand): OperationState
  isOver(stand: Stand): boolean
}

/** `surface`: the only chat in which people decide; what was asked in another one is left alone. `inChat`: they are asked why they say no. */
export function courseOf(sentences: Sentences, surface: ChatName | undefined, inChat: boolean): Course {
  const isElsewhere = (stand: Stand) => surface !== undefined && stand.surface !== 'web' && stand.surface !== surface
  const isLeft = (stand: Stand) =>
    isElsewhere(stand) || (needsPerson(stand) ? sentences.nobodySettles : sentences.leftAlone).includes(stand.said)
  const isSaidNoTo = (stand: Stand) =>
    inChat && isPending(stand) && !isLeft(stand) && sentences.saidNoTo.includes(stand.said)
  return {
    isLeft,
    isSaidNoTo,
    decisionOn(stand) {
      if (stand.state === 'planned') return { person: stand.by, verb: 'go' }
      const person = sentences.lenaLast.includes(stand.said) ? 'lena' : 'jonas'
      return { person, verb: isSaidNoTo(stand) ? 'reject' : 'approve' }
    },
    endOf(stand) {
      if (isTerminal(stand.state)) return stand.state
      if (needsPerson(stand)) return isLeft(stand) ? 'needs_human' : 'rolled_back'
      if (stand.cancelled) return 'cancelled'
      if (isSaidNoTo(stand)) return 'rejected'
      return isPending(stand) && isLeft(stand) ? 'expired' : 'succeeded'
    },
    isOver: (stand) => isTerminal(stand.state) || (needsPerson(stand) && isLeft(stand)),
  }
}
