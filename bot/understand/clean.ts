/** Longer texts are read up to here only; nobody asks for a change in more. */
export const UNDERSTOOD_CHARACTERS = 4000

// Cut before anything else looks: normalising may lengthen a text up to eighteen times.
const LOOKED_AT_CHARACTERS = 8000

/**
 * What a person typed, as the readers want it: one kind of quote and dash, no control, bidi or zero-width characters, one space
 * where there were many, no mention of the bot in front. Never longer than `UNDERSTOOD_CHARACTERS`.
 */
export function cleanText(raw: string): string {
  let text = raw
    .slice(0, LOOKED_AT_CHARACTERS)
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Co}\p{Cs}]/gu, '')
    .replace(/[\u2018\u2019\u201a\u201b\u2032`\u00b4]/g, "'")
    .replace(/[\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb]/g, '"')
    // Phones turn `--dry-run` into one long dash.
    .replace(/(^|\s)[\u2013\u2014\u2015](?=\p{L})/gu, '$1--')
    .replace(/\s[\u2013\u2014\u2015]+\s/g, ' ; ')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/\p{Cc}/gu, (char) => (char === '\n' ? '\n' : ' '))
    .slice(0, UNDERSTOOD_CHARACTERS)
  for (let mentions = 0; mentions < 3; mentions++) {
    const shorter = text.replace(
      /^\s*(?:\/(?:qd|quarterdeck)(?![\w-])|<@[^<>\s]{1,64}>|@?(?:quarterdeck|qd)(?![\w-]))[\s,:;!]*/i,
      '',
    )
    if (shorter === text) break
    text = shorter
  }
  return text.trim()
}

const DRY_RUN = /(?:^|\s)\(?(?:--dry[-_ ]?run(?:=true)?|(?:as )?(?:a )?dry[- ]?run(?: only)?)\)?[:,]?(?=\s|$|[.!])/i

/** Takes `dry run`, `--dry-run`, `(dry run)` out of a cleaned text, from its front or its end. */
export function takeDryRun(text: string): { readonly text: string; readonly dryRun: boolean } {
  const match = DRY_RUN.exec(text)
  if (!match) return { text, dryRun: false }
  const before = text.slice(0, match.index).replace(/[\s,;:]+$/, '')
  const after = text.slice(match.index + match[0].length).replace(/^[\s,;:]+/, '')
  // In the middle it is a word of the sentence, unless it is the flag.
  if (before && after.replace(/[.!\s]/g, '') && !match[0].includes('--')) return { text, dryRun: false }
  return { text: `${before} ${after}`.trim().replace(/\s+([.!])$/, '$1'), dryRun: true }
}
