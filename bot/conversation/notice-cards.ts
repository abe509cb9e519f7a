import type { Action, Card } from '../../core/card.ts'
import { DeniedError, UpstreamError, UserError } from '../../core/errors.ts'
import { sayDuration } from '../../core/parameters.ts'
import type { Account } from '../../core/person.ts'
import type { DeclaredSkill } from '../../core/skill.ts'
import { visibleText } from '../../core/visible-text.ts'
import { UNDERSTOOD_CHARACTERS } from '../understand/clean.ts'

const MOST_SUGGESTIONS = 4

/** True for errors that are answers: the person, a right, or an outside system is what must change. */
export const isAnswer = (error: unknown): error is UserError | DeniedError | UpstreamError =>
  error instanceof UserError || error instanceof DeniedError || error instanceof UpstreamError

/** Why something was not done, for the one who asked. */
export function refusalCard(error: UserError | DeniedError | UpstreamError): Card {
  const text = visibleText(error.message)
  if (error instanceof UpstreamError) {
    return {
      kind: 'refusal',
      tone: 'warn',
      title: `${error.service} does not answer`,
      blocks: [{ type: 'text', text }],
      footer: 'Nothing was changed. Ask again in a moment.',
    }
  }
  if (error instanceof DeniedError)
    return { kind: 'refusal', tone: 'bad', title: 'Not allowed', blocks: [{ type: 'text', text }] }
  const actions = error.suggestions.slice(0, MOST_SUGGESTIONS).map(say)
  return { kind: 'refusal', tone: 'warn', title: 'That does not work', blocks: [{ type: 'text', text }], actions }
}

/** A mistake of ours: short, with the id that is in the log. */
export function bugCard(id: string): Card {
  return {
    kind: 'refusal',
    tone: 'bad',
    title: 'Something went wrong here',
    blocks: [
      {
        type: 'text',
        text: [
          'This is our fault, not yours. It is in the log under ',
          { code: id },
          '. Say "operations" to see what runs.',
        ],
      },
    ],
  }
}

/** For what is understood but not built. */
export function notYetCard({ name, notYet }: DeclaredSkill): Card {
  return {
    kind: 'refusal',
    tone: 'warn',
    title: `I cannot do "${name}" yet`,
    blocks: [{ type: 'text', text: notYet }],
    footer: 'Nothing was done.',
    actions: [say('help')],
  }
}

/** For what asks for nothing. */
export function hintCard(): Card {
  return {
    kind: 'notice',
    tone: 'neutral',
    title: 'I did not take that as a request',
    blocks: [
      {
        type: 'text',
        text: 'Nothing was done. Ask for one thing at a time, like "deploy checkout 1.4.2 to staging" or "how is cart in production?".',
      },
    ],
    actions: [say('help')],
  }
}

/** While a language model reads for longer than people wait without a word. */
export function readingCard(): Card {
  return {
    kind: 'notice',
    tone: 'busy',
    title: 'Reading this more closely…',
    blocks: [{ type: 'text', text: 'I was not sure what is meant, so a language model reads it, too.' }],
    footer: 'Nothing was done yet. The answer comes within seconds; if none does, say it again.',
  }
}

/** What is left of it where the answer is another card. */
export function readCard(says: string): Card {
  return { kind: 'notice', tone: 'neutral', title: 'Read', blocks: [{ type: 'text', text: visibleText(says) }] }
}

/** For words that do not answer the open question. */
export function stillOpenCard(asks: readonly string[]): Card {
  return {
    kind: 'notice',
    tone: 'neutral',
    title: 'I still wait for an answer',
    blocks: [
      {
        type: 'text',
        text: `That did not tell me the ${asks.join(' and ')}. Answer above, say it here, or say "never mind".`,
      },
    ],
  }
}

export function emptyCard(): Card {
  return {
    kind: 'notice',
    tone: 'neutral',
    title: 'That message was empty',
    blocks: [{ type: 'text', text: 'Say what should happen, or "help".' }],
    actions: [say('help')],
  }
}

export function tooLongCard(length: number): Card {
  const says = `It has ${length.toLocaleString('en-US')} characters; I read ${UNDERSTOOD_CHARACTERS.toLocaleString('en-US')} at most, and never half of a request. Say it in a sentence.`
  return { kind: 'refusal', tone: 'warn', title: 'That message is too long', blocks: [{ type: 'text', text: says }] }
}

/** For what could not be stored, or not be answered, for so long that nobody expects it to be done now. */
export function lateCard(waitedMs: number): Card {
  const says = `You said this ${sayDuration(Math.floor(waitedMs / 60_000) * 60_000)} ago, and I could not store it until now. Nothing was done. Say it again if you still want it.`
  return { kind: 'refusal', tone: 'warn', title: 'That is too long ago', blocks: [{ type: 'text', text: says }] }
}

/** For somebody whose account belongs to nobody we know. */
export function strangerCard(account: Account, waitsForAdmin: boolean): Card {
  const own = `${account.surface}:${account.id}`
  return {
    kind: 'refusal',
    tone: 'warn',
    title: 'I do not know this account yet',
    blocks: [
      {
        type: 'text',
        text: [
          'If you are known on another surface, say ',
          { code: `link ${own}` },
          ' there, then say ',
          { code: 'link CODE' },
          ' here with the code you get.',
        ],
      },
      waitsForAdmin
        ? {
            type: 'text',
            text: [
              'This is a fresh install: say ',
              { code: 'claim CODE' },
              ' with the code that was printed where Quarterdeck was started, and you are its first admin.',
            ],
          }
        : { type: 'text', text: ['Else ask an admin to add ', { code: own }, ' to the people in quarterdeck.yaml.'] },
    ],
  }
}

export function noticeCard(title: string, text: string, tone: Card['tone'] = 'good'): Card {
  return { kind: 'notice', tone, title, blocks: [{ type: 'text', text: visibleText(text) }] }
}

function say(text: string): Action {
  return { verb: 'say', label: text, style: 'plain', payload: { text } }
}
