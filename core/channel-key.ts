import type { SurfaceName } from './person.ts'

/** The places of chat services that people gather in, as keys: `C012AB3CD`, `T012:C034` or `#checkout` (Slack), `19:…@thread.tacv2` (Teams). */

/** The channel that a thread belongs to; undefined where a surface has none (the page, the terminal). */
export function channelOfThread(surface: SurfaceName, threadKey: string): string | undefined {
  const begun = channelToBeginIn(threadKey)
  if (begun !== undefined) return begun
  if (surface === 'slack') return /^[^:]+:[^:]+/.exec(threadKey)?.[0]
  return surface === 'teams' ? threadKey.split(';', 1)[0] : undefined
}

/** A conversation with one person alone, which nobody else reads. */
export function isDirect(surface: SurfaceName, channel: string): boolean {
  if (surface === 'slack') return /(?:^|:)D[A-Z0-9]+$/.test(channel)
  return surface === 'teams' && !channel.startsWith('19:')
}

/**
 * The channel to begin a thread in; undefined for one that is there already. `C012AB3CD op-7f3k9m2q` (db/audiences.ts makes such keys) is
 * a thread that nobody has begun yet: the first message sent to it begins one in that channel, and its surface then says what its key is
 * from there on.
 */
export const channelToBeginIn = (threadKey: string): string | undefined => /^(\S+) op-\w+$/.exec(threadKey)?.[1]

/** A channel as the configuration names it, like `slack:T012/C034`; undefined for what is none. */
function configuredChannel(text: string): { readonly surface: SurfaceName; readonly channel: string } | undefined {
  const [, surface, id] = /^(slack|teams):(\S+)$/.exec(text) ?? []
  if (surface === 'teams' && id) return { surface, channel: id }
  return surface === 'slack' && id ? { surface, channel: id.replace('/', ':') } : undefined
}

/** As the configuration writes it. */
export const sayChannel = (surface: SurfaceName, channel: string): string =>
  `${surface}:${surface === 'slack' ? channel.replace(':', '/') : channel}`

/** Which channels hear of what, by `services.*.channels` and `environments.*.channels`. */
export function configuredRoutes(config: {
  readonly services: readonly { readonly name: string; readonly channels: readonly string[] }[]
  readonly environments: readonly { readonly name: string; readonly channels: readonly string[] }[]
}) {
  const routes = (kind: 'service' | 'environment', { name, channels }: { name: string; channels: readonly string[] }) =>
    channels.flatMap((text) => {
      const place = configuredChannel(text)
      return place ? [{ ...place, [kind]: name }] : []
    })
  return [
    ...config.services.flatMap((one) => routes('service', one)),
    ...config.environments.flatMap((one) => routes('environment', one)),
  ]
}
