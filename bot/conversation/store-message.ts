import { newRequestId } from '../../core/ids.ts'
import type { IncomingMessage } from '../../core/ports/surface.ts'
import { redact, withoutSecrets } from '../../core/secrets.ts'
import { openThread } from '../../db/threads.ts'
import { meet } from '../people/meet.ts'
import { UNDERSTOOD_CHARACTERS } from '../understand/clean.ts'
import { codeIn, hiddenCode } from './codes.ts'
import type { ConversationDeps } from './deps.ts'
import { interpretMessage } from './interpret.ts'
import { listeningIn, understandingFor } from './listen.ts'
import type { Spoken } from './spoken.ts'

/**
 * Stores a message with what it means, once per (surface, key), in one statement. Undefined when an earlier delivery of the same event
 * was answered already; an unanswered one is taken up where it was left.
 */
export async function storeMessage(deps: ConversationDeps, message: IncomingMessage): Promise<Spoken | undefined> {
  const { store } = deps
  const person = await meet(deps, message.account, async (tx) => {
    const { surface, threadKey: surfaceKey } = message
    return (await openThread(tx, { surface, surfaceKey, now: deps.clock() })).id
  })
  const code = codeIn(message.text)
  // A secret that somebody pasted is understood as it is and kept nowhere.
  const said = code ? hiddenCode(code) : shortened(redact(message.text))
  const { surface, threadKey: surfaceKey, at: receivedAt, httpRequestId } = message
  const id = newRequestId()
  let readFrom = receivedAt
  let readUntil = receivedAt
  const { meaning, thread, request } = await store.together.say({ surface, surfaceKey }, async (before) => {
    const listening = listeningIn(store.db, before, person, deps.clock())
    readFrom = deps.clock()
    const meaning = await interpretMessage(message.text, listening, understandingFor(deps, person))
    readUntil = deps.clock()
    const kept = 'interpretation' in meaning && !code ? withoutSecrets({ ...meaning.interpretation, text: said }) : null
    const saying = { id, personId: person?.id ?? null, text: said, key: message.key, receivedAt, interpretation: kept }
    return { meaning, saying }
  })
  if (request.outcome !== null) return undefined
  const read = 'interpretation' in meaning ? meaning.interpretation : { by: 'local' as const, skill: null }
  const { by, skill } = read
  deps.telemetry?.tell({ what: 'received', requestId: request.id, surface, httpRequestId, at: receivedAt })
  deps.telemetry?.tell({ what: 'understood', requestId: request.id, by, skill, from: readFrom, until: readUntil })
  return {
    requestId: request.id,
    thread,
    account: message.account,
    person,
    said,
    length: message.text.length,
    meaning,
    // Taken up again: whoever had it before may have died while it was read.
    readSlowly: request.id !== id,
  }
}

/** What is kept of a text that is longer than anybody reads. */
function shortened(text: string): string {
  const more = text.length - UNDERSTOOD_CHARACTERS
  // PostgreSQL's text holds no NUL.
  const kept = text.slice(0, UNDERSTOOD_CHARACTERS).replaceAll('\u0000', '')
  return more > 0 ? `${kept}… (${more.toLocaleString('en-US')} more characters)` : kept
}
