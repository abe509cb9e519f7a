import type { Card } from '../../core/card.ts'
import { putDelivery } from '../../db/deliveries.ts'
import { noteInterpretation } from '../../db/requests.ts'
import { codeIn } from './codes.ts'
import { type Ending, requestCardKey } from './finish.ts'
import type { Meaning } from './interpret.ts'
import { listeningIn, understandingFor } from './listen.ts'
import { readingCard } from './notice-cards.ts'
import type { RespondDeps } from './respond.ts'
import type { Spoken } from './spoken.ts'
import { isStoreDown } from './until-stored.ts'

/**
 * Reads a stored message again with the language model, where there is one and it may tell more than the local reader did. Outside any
 * transaction, since it may take seconds, of which a card tells meanwhile; what was understood stands in the request afterwards. Throws only
 * when the store is down.
 */
export async function reread(deps: RespondDeps, stored: Spoken, text: string): Promise<Spoken> {
  const { reader, log } = deps
  const { meaning, person } = stored
  const local = readAlone(meaning)
  // A code is for nobody else's eyes, and strangers cannot make us spend.
  if (!reader || !local || !person?.active || codeIn(text) || !reader.mayTellMore(text, local, deps.skills))
    return stored
  const spoken = { ...stored, readSlowly: true }
  try {
    const listening = listeningIn(deps.store.db, spoken.thread, person, deps.clock())
    const { question } = listening
    const before = (await listening.before()) ?? {}
    const { requestId } = spoken
    const options = understandingFor(deps, person)
    const from = deps.clock()
    const read = await sayingSo(deps, spoken, reader.read(text, { local, before, question, options, requestId }))
    if (read.silent !== undefined) return { ...spoken, readAlone: true }
    const { interpretation } = read
    const { by, skill: readAs } = interpretation
    deps.telemetry?.tell({ what: 'understood', requestId, by, skill: readAs, from, until: deps.clock() })
    if (interpretation === local) return spoken
    await noteInterpretation(deps.store.db, requestId, { ...interpretation, text: spoken.said })
    const { skill } = interpretation
    if (skill === null) return { ...spoken, meaning: { kind: 'nothing', interpretation, question } }
    const answers = read.answers ? question : undefined
    return { ...spoken, meaning: { kind: 'request', interpretation: { ...interpretation, skill }, answers } }
  } catch (error) {
    if (isStoreDown(error)) throw error
    log.error(
      { error, requestId: spoken.requestId },
      'reading with the language model failed on a bug; the local reading stands',
    )
    return { ...spoken, readAlone: true }
  }
}

/** Says in the thread that it is being read, where that takes longer than people wait without a word. */
async function sayingSo<Read>(deps: RespondDeps, spoken: Spoken, reading: Promise<Read>): Promise<Read> {
  const { store, clock, log } = deps
  const { requestId, thread } = spoken
  const { id: threadId, surface } = thread
  const key = requestCardKey(requestId)
  let said: Promise<unknown> | undefined
  const late = setTimeout(() => {
    const card = readingCard()
    said = store
      .transaction((tx) => putDelivery(tx, { key, surface, threadId, card, requestId, now: clock() }))
      .catch((error: unknown) => log.debug({ error, requestId }, 'nobody was told that it is being read'))
  }, deps.slowReadingMs)
  try {
    return await reading
  } finally {
    clearTimeout(late)
    // The answer is written over it, never the other way round.
    await said
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
