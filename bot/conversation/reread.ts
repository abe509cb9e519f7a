import type { Card } from '../../core/card.ts'
import { noteInterpretation } from '../../db/requests.ts'
import { codeIn } from './codes.ts'
import type { ConversationDeps } from './deps.ts'
import type { Ending } from './finish.ts'
import type { Meaning } from './interpret.ts'
import { listeningIn, understandingFor } from './listen.ts'
import type { Spoken } from './spoken.ts'
import { isStoreDown } from './until-stored.ts'

/**
 * Reads a stored message again with the language model, where there is one and it may tell more than the local reader did. Outside any
 * transaction, since it may take seconds; what was understood stands in the request afterwards. Throws only when the store is down.
 */
export async function reread(deps: ConversationDeps, spoken: Spoken, text: string): Promise<Spoken> {
  const { reader, log } = deps
  const { meaning, person } = spoken
  const local = readAlone(meaning)
  // A code is for nobody else's eyes, and strangers cannot make us spend.
  if (!reader || !local || !person?.active || codeIn(text) || !reader.mayTellMore(text, local, deps.skills))
    return spoken
  try {
    const listening = listeningIn(deps.store.db, spoken.thread, person, deps.clock())
    const { question } = listening
    const before = (await listening.before()) ?? {}
    const { requestId } = spoken
    const options = understandingFor(deps, person)
    const read = await reader.read(text, { local, before, question, options, requestId })
    if (read.silent !== undefined) return { ...spoken, readAlone: true }
    const { interpretation } = read
    if (interpretation === local) return spoken
    await noteInterpretation(deps.store.db, requestId, { ...interpretation, text: spoken.said })
    const { skill } = interpretation
    if (skill === null) return { ...spoken, meaning: { kind: 'nothing', interpretation, question } }
    const answers = read.answers ? question : undefined
    return { ...spoken, meaning: { kind: 'request', interpretation: { ...interpretation, skill }, answers } }
  } catch (error) {
    if (isStoreDown(error)) throw error
    log.error(
      { error, request: spoken.requestId },
      'reading with the language model failed on a bug; the local reading stands',
    )
    return { ...spoken, readAlone: true }
  }
}

/** What the local reader made of a message by itself; answers, corrections and what repeats an earlier request are clear enough. */
function readAlone(meaning: Meaning) {
  if (meaning.kind === 'nothing') return meaning.interpretation
  return meaning.kind === 'request' && !meaning.answers && !meaning.recalled ? meaning.interpretation : undefined
}

/** Says that the language model was missing, where it might have spared the person a question. */
export function sayReadAlone(ending: Ending, { readAlone: alone, meaning }: Spoken): Ending {
  if (!alone || !ending.card || (ending.outcome !== 'asked' && meaning.kind !== 'nothing')) return ending
  const note: Card['blocks'][number] = {
    type: 'note',
    tone: 'info',
    text: 'The language model could not be asked just now, so I read this by myself.',
  }
  return { ...ending, card: { ...ending.card, blocks: [...ending.card.blocks, note] } }
}
