const PLAIN = /^#(?=[^#]*[\p{L}_])[\p{L}\p{N}_.-]{1,80}$/u
const MENTION = /^<#([A-Za-z0-9]{2,30})(?:\|([\p{L}\p{N}_.-]{0,80}))?>$/u

/** A channel as `#payments-ops`: written so, or as a mention, `<#C012AB|payments-ops>`. A number behind `#` is no channel. */
export function channelOf(word: string): string | undefined {
  if (PLAIN.test(word)) return word.toLowerCase()
  const mention = MENTION.exec(word)
  return mention ? `#${mention[2] || mention[1]}` : undefined
}
