import type { Catalog } from '../../core/catalog/catalog.ts'
import { type Interpretation, isReady, type Reader } from '../../core/interpretation.ts'
import type { Person } from '../../core/person.ts'
import { isChange, type SpokenSkill } from '../../core/skill.ts'
import type { SpokenSkillSet } from '../../core/skill-set.ts'
import { checkDraft } from './check.ts'
import { cleanText, mentionsPerson, takeDryRun } from './clean.ts'
import { readCommand } from './command-form.ts'
import { withDoubts } from './doubts/with-doubts.ts'
import type { Draft } from './draft.ts'
import type { Before } from './extract.ts'
import { lexiconOf } from './lexicon.ts'
import { readLocally } from './local-reader.ts'
import { spoilsRequest } from './reason.ts'
import type { Known } from './slots.ts'
import { wholeCodeSpan } from './speech/outside.ts'
import { splitWords } from './words.ts'

export interface UnderstandOptions {
  readonly skills: SpokenSkillSet
  readonly catalog: Catalog
  /** Who speaks: their zone decides what "18:00" is. Absent: UTC. */
  readonly person?: Pick<Person, 'timezone'>
  readonly now: Date
  /** Whom a typed name may mean. Absent: nobody. */
  readonly peopleNamed?: (text: string) => readonly Person[]
  /** What was spoken of before in this thread. */
  readonly before?: Before
}

/**
 * Reads one text: the exact command form first, then the local reader. Never throws for any text, and never guesses: what is not said,
 * unclear or impossible is listed, and a text that asks for nothing has the skill null.
 */
export function understand(text: string, options: UnderstandOptions): Interpretation {
  const cleaned = cleanText(wholeCodeSpan(text) ?? text, mentionsPerson(options.peopleNamed ?? (() => [])))
  const { text: sentence, dryRun } = takeDryRun(cleaned)
  const known = knownOf(options)
  const command = commandSkill(sentence, options.skills)
  const read = command && readCommand(sentence, command, known)
  const typed = read && spoilsRequest(String(read.reason?.value ?? '')) ? undefined : read
  const draft =
    command &&
    typed &&
    withDoubts({
      skill: command,
      items: [],
      text: sentence,
      draft: typed,
      left: [],
      catalog: options.catalog,
      raw: sentence,
    })
  const exact =
    command && draft && interpretDraft({ text, skill: command, draft, by: 'command', confidence: 1, dryRun }, options)
  if (exact && isReady(exact)) return exact
  const local = readLocally(sentence, options.skills, known, options.before)
  if (local.skill === null) return exact ?? noRequest(text, 'local', local.confidence)
  const locally = interpretDraft({ text, ...local, by: 'local', dryRun }, options)
  // A command with a slip in a name: read as a sentence it may say everything, and then waits for a click.
  const betterRead = isReady(locally) && (locally.skill === exact?.skill || surelyLooks(locally, options.skills))
  return exact && !betterRead ? exact : locally
}

/** A text that asks for nothing, and how sure its reader is of that. */
export const noRequest = (text: string, by: Reader, confidence: number): Interpretation => ({
  text,
  skill: null,
  input: {},
  confidence,
  missing: [],
  ambiguous: [],
  invalid: [],
  by,
})

// `deploy history`: no deploy, whatever its first word is.
const surelyLooks = ({ skill, confidence }: Interpretation, skills: SpokenSkillSet): boolean =>
  confidence > 0.9 && skills.some((one) => one.name === skill && !isChange(one))

/** Learns what the skills' sentences look like, about a second's work, so that the first person who speaks does not wait for it. */
export function warmReader(options: UnderstandOptions): void {
  lexiconOf(options.skills, knownOf(options))
}

/** What readers know about the world, from the options of `understand`. */
export function knownOf(options: UnderstandOptions): Known {
  return {
    catalog: options.catalog,
    peopleNamed: options.peopleNamed ?? (() => []),
    verbs: verbsOf(options.skills),
    clock: { now: options.now, timezone: options.person?.timezone ?? 'UTC' },
  }
}

const verbs = new WeakMap<SpokenSkillSet, ReadonlyMap<string, string>>()

function verbsOf(skills: SpokenSkillSet): ReadonlyMap<string, string> {
  const known =
    verbs.get(skills) ??
    new Map(skills.flatMap((skill) => [skill.name, ...(skill.aliases ?? [])].map((verb) => [verb, skill.name])))
  verbs.set(skills, known)
  return known
}

function commandSkill(text: string, skills: SpokenSkillSet): SpokenSkill | undefined {
  const [first] = splitWords(text.slice(0, 200))
  return first && skills.find((skill) => skill.name.toLowerCase() === first.lower)
}

export interface DraftReading {
  readonly text: string
  readonly skill: SpokenSkill
  readonly draft: Draft
  readonly by: Reader
  readonly confidence: number
  readonly dryRun: boolean
}

/** Checks what was read for a skill: what is missing, unclear or impossible, and the values as the catalog has them. */
export function interpretDraft(reading: DraftReading, options: UnderstandOptions): Interpretation {
  const { text, skill, draft, by, confidence, dryRun } = reading
  const { bent, ...checked } = checkDraft(skill, draft, {
    catalog: options.catalog,
    peopleNamed: options.peopleNamed ?? (() => []),
    // Both kinds of reading wait for a click.
    bend: by === 'local' || by === 'model',
  })
  return {
    text,
    skill: skill.name,
    ...checked,
    confidence: Math.round(Math.max(0.5, confidence - bent * 0.15) * 100) / 100,
    by,
    ...(dryRun && isChange(skill) ? { dryRun } : {}),
  }
}
