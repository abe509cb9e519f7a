import { withoutSecretWords } from '../../core/free-words.ts'
import type { Interpretation } from '../../core/interpretation.ts'
import type { Person } from '../../core/person.ts'
import type { Ending } from './finish.ts'
import { offerOperations } from './offer-operations.ts'
import { newQuestion, withQuestion } from './open-question.ts'
import { offeredFor, questionCard } from './question-card.ts'
import type { RespondDeps } from './respond.ts'
import type { Spoken } from './spoken.ts'

export type Skilled = Interpretation & { readonly skill: string }

/** Asks for what a request lacks; the question stays open in its thread. */
export async function ask(
  deps: RespondDeps,
  spoken: Spoken,
  person: Person,
  read: Skilled,
  said: string,
  closes: Ending['closes'],
): Promise<Ending> {
  const skill = deps.skills.find((one) => one.name === read.skill)
  if (!skill) throw new Error(`the skill ${read.skill} was understood but is not installed`)
  const understood = await offerOperations(deps.store.db, skill, read, {
    threadId: spoken.thread.id,
    personId: person.id,
  })
  const expiresAt = new Date(deps.clock().getTime() + deps.questionMs)
  const offers = offeredFor(skill, understood, deps.catalog())
  const kept = { ...understood, input: withoutSecretWords(skill.input, understood.input) }
  const question = newQuestion(kept, {
    personId: person.id,
    requestId: spoken.requestId,
    said,
    expiresAt,
    offers,
  })
  return {
    outcome: 'asked',
    card: questionCard(skill, understood, question, deps.catalog()),
    remember: (context) => withQuestion(context, person.id, question, deps.clock()),
    // The same request asked on: its card shows the new question instead.
    closes: closes && closes.question.requestId !== spoken.requestId ? closes : undefined,
  }
}
