/**
 * What somebody typed, from Slack's own form of it (https://docs.slack.dev/messaging/formatting-message-text): mentions of us are gone,
 * those of others are `@U012AB3CD`, links are what the person saw or typed, and its three entities are characters again.
 */
export function saidText(text: string, botUserId: string | undefined): string {
  const plain = text.replace(/<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>/g, (_, kind: string, target: string, label = '') => {
    if (kind === '@') return target === botUserId ? ' ' : `@${target}`
    if (kind === '#') return `#${label || target}`
    // `!subteam^S012|@sre`, `!date^…|14:02`, `!here`
    if (kind === '!') return label || `@${target.split('^')[0] ?? target}`
    return linkText(target, label)
  })
  return plain.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&').trim()
}

/** A label is what Slack made of a typed `checkout.example.com`; one that says something else would hide where the link goes. */
function linkText(target: string, label: string): string {
  const bare = target.replace(/^(?:mailto:|tel:|https?:\/\/)/, '')
  return label && (label === bare || `${label}/` === bare || label === target)
    ? label
    : target.replace(/^(?:mailto:|tel:)/, '')
}
