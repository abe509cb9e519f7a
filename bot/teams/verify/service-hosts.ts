/**
 * Where the Bot Framework answers from for Teams: whoever else asks to be answered would get our token. Microsoft's public and
 * government clouds (learn.microsoft.com, "proactive messages" and "Teams for government").
 */
const KNOWN = [
  /^smba\.trafficmanager\.net$/,
  /^smba\.infra\.(?:gcc|gov|dod)\.teams\.microsoft\.(?:com|us)$/,
  /(?:^|\.)botframework\.com$/,
  /(?:^|\.)botframework\.azure\.us$/,
]
/**
 * How tokens name the Bot Framework's services: who issues those that come to us, and whom ours are for. The government's cloud has a name of its
 * own (botframework-connector, "GovernmentConstants"), told by where its signing keys are.
 */
export function servicesNamedBy(metadata: string): string {
  const isGovernments = URL.canParse(metadata) && new URL(metadata).hostname.endsWith('.azure.us')
  return isGovernments ? 'https://api.botframework.us' : 'https://api.botframework.com'
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

export const isLoopback = (address: string): boolean =>
  URL.canParse(address) && LOOPBACK.test(new URL(address).hostname)

/** Whether we answer there. On this machine only where the signing keys come from this machine too: in tests. */
export function isKnownService(address: string, { loopback }: { loopback: boolean }): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname, port, username, password, search, hash } = new URL(address)
  if (username + password + search + hash !== '') return false
  if (loopback && LOOPBACK.test(hostname)) return protocol === 'http:' || protocol === 'https:'
  return protocol === 'https:' && port === '' && KNOWN.some((host) => host.test(hostname))
}

/** Two ways of writing one address are one. */
export function sameService(one: string, other: string): boolean {
  const plain = (address: string) => (URL.canParse(address) ? new URL(address).href.replace(/\/+$/, '') : undefined)
  return plain(one) !== undefined && plain(one) === plain(other)
}
