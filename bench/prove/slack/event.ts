import { type SignedRequest, signedForm, signedJson } from '../../../test/bot/slack/signed.ts'
import type { Random } from '../frame/random.ts'
import { SPEAKER, TEAM } from './workspace.ts'

/** Something said, in a channel of its own, where its effect is seen: one card. */
export interface Event {
  readonly channel: string
  /** What Socket Mode calls it. */
  readonly type: 'events_api' | 'slash_commands'
  readonly body: Readonly<Record<string, unknown>>
  /** As it comes over HTTP: the body is the same every time, the signature is not. */
  signed(at: number): SignedRequest
}

const SAID = ['whoami', 'help scale', 'help', 'operations', 'approvals']

/** A mention, a direct message or a command. */
export function eventNumber(index: number, random: Random, said: readonly string[] = SAID): Event {
  const number = String(index).padStart(7, '0')
  const text = random.pick(said)
  const ts = `1700000000.${number.slice(-6)}`
  const heard = (channel: string, event: object): Event => {
    const envelope = { type: 'event_callback', team_id: TEAM, api_app_id: 'A1', event_id: `Ev${number}` }
    const body = { ...envelope, event: { ...event, user: SPEAKER, ts, channel } }
    return { channel, type: 'events_api', body, signed: (at) => signedJson(body, { at }) }
  }
  const typed = (channel: string): Event => {
    const body = {
      command: '/qd',
      text,
      team_id: TEAM,
      channel_id: channel,
      user_id: SPEAKER,
      trigger_id: `${number}.1`,
    }
    return { channel, type: 'slash_commands', body, signed: (at) => signedForm(body, { at }) }
  }
  return random.pick([
    () => heard(`C${number}`, { type: 'app_mention', text: `<@U0QUARTERDECK> ${text}` }),
    () => heard(`D${number}`, { type: 'message', channel_type: 'im', text }),
    () => typed(`C${number}`),
  ])()
}
