/** Longer texts are read up to here only; nobody asks for a change in more. */
export const UNDERSTOOD_CHARACTERS = 4000

// Cut before anything else looks: normalising may lengthen a text up to eighteen times.
const LOOKED_AT_CHARACTERS = 8000

/**
 * What a person typed, as the readers want it: one kind of quote and dash, no control, bidi or zero-width characters, one space
 * where there were many, no mention of the bot in front. Never longer than `UNDERSTOOD_CHARACTERS`.
 */
export function cleanText(raw: string, isPerson: (mention: string) => boolean = () => false): string {
  const text = raw
    .slice(0, LOOKED_AT_CHARACTERS)
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Co}\p{Cs}]/gu, '')
    .replace(/[\u2018\u2019\u201a\u201b\u2032`\u00b4]/g, "'")
    .replace(/[\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb]/g, '"')
    .replace(/[\u2192\u21d2\u279c\u2794]/g, '->')
    // `3 – 10` is a range; phones turn `--dry-run` into one long dash.
    .replace(/(\d) ?[\u2013\u2014] ?(?=\d)/g, '$1-')
    .replace(/(^|\s)[\u2013\u2014\u2015]{1,2}(?=\p{L})/gu, '$1--')
    .replace(/\s[\u2013\u2014\u2015]+\s/g, ' ; ')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/\p{Cc}/gu, (char) => (char === '\n' ? '\n' : ' '))
    .slice(0, UNDERSTOOD_CHARACTERS)
  return withoutMentions(text, isPerson).trim()
}

/** Whether a mention, `<@U012AB3CD>`, is of a person we know. */
export const mentionsPerson =
  (peopleNamed: (text: string) => readonly unknown[]) =>
  (mention: string): boolean =>
    peopleNamed(mention).length > 0

const FRONT =
  /^\s*(?:(?:hey|hi|hello|yo|ok|okay|dear)[\s,]+(?=<?@|<at>))?(?:\/(?:qd|quarterdeck)(?![\w-])|(<@[^<>\s]{1,100}>)|<at>[^<>]{1,60}<\/at>|@?(?:quarterdeck|qd)(?![\w-]))[\s,:;!]*/i
const NAMED = /(^|[\s,(])@(?:quarterdeck|qd)(?![\w-])[,:]?/gi
// `cc @ben`: who reads along is no part of what is asked.
const COPIED = /(?:^|[\s,(;])\/?cc:? ?(?:(?:<@[^<>\s]{1,100}>|@[\w.-]{1,60})[\s,]{0,3}){1,9}\)?/gi
const END = /(\S*)[\s,]+(<@[^<>\s]{1,100}>)([\s.!?]*)$/
// Words that want a person behind them: the mention is what they speak of.
const WANTS_PERSON =
  /^(?:to|page|delegate|let|by|from|for|ping|call|notify|tell|ask|alert|wake|and|or|with|link|is|contact|cc|->|@)$/i

// Whoever is called in front and is nobody we know is the bot; once known, its mention means nothing anywhere.
function withoutMentions(text: string, isPerson: (mention: string) => boolean): string {
  let rest = text
  for (let mentions = 0; mentions < 3; mentions++) {
    const front = FRONT.exec(rest)
    if (!front || (front[1] && isPerson(front[1]))) break
    rest = rest.slice(front[0].length)
    if (front[1]) rest = rest.replaceAll(front[1], ' ')
  }
  rest = rest.replace(NAMED, '$1').replace(COPIED, ' ')
  const end = rest.length > END_LOOKED_AT ? null : END.exec(rest)
  if (!end?.[2] || isPerson(end[2]) || WANTS_PERSON.test(end[1] ?? '')) return rest
  return rest.slice(0, end.index) + (end[1] ?? '').replace(/,$/, '') + (end[3] ?? '')
}

/** Longer texts are no calls with a name at their end, and need not be searched for one. */
const END_LOOKED_AT = 600

const DRY_RUN = /(?:^|\s)\(?(?:-{1,2}dry[-_ ]?run(?:=true)?|(?:as )?(?:a )?dry[- ]?run(?: only)?)\)?[:,]?(?=\s|$|[.!])/i

/** Takes `dry run`, `--dry-run`, `(dry run)` out of a cleaned text, from its front or its end. */
export function takeDryRun(text: string): { readonly text: string; readonly dryRun: boolean } {
  const match = DRY_RUN.exec(text)
  if (!match) return { text, dryRun: false }
  const before = text.slice(0, match.index).replace(/[\s,;:]+$/, '')
  const after = text.slice(match.index + match[0].length).replace(/^[\s,;:]+/, '')
  // In the middle it is a word of the sentence, unless it is the flag.
  if (before && after.replace(/[.!\s]/g, '') && !/-{1,2}dry/i.test(match[0])) return { text, dryRun: false }
  return { text: `${before} ${after}`.trim().replace(/\s+([.!])$/, '$1'), dryRun: true }
}
