import { describe, expect, test } from 'vitest'
import { keepWhere, whereOf } from '../../../bot/slack/listen/kept-where.ts'
import { saidText } from '../../../bot/slack/listen/said-text.ts'
import { Pacer, type Sending } from '../../../bot/slack/send/pacer.ts'
import { placeOf, speakerOfCommand, threadKeyOf, threadOfCommand } from '../../../bot/slack/thread-key.ts'
import { channelToBeginIn } from '../../../core/channel-key.ts'

describe('what was typed', () => {
  test.each([
    ['<@U0BOT> deploy checkout 1.4.2', 'deploy checkout 1.4.2'],
    ['<@U0BOT|quarterdeck> a <@U0BOT> b', 'a   b'],
    ['page <@U123|jonas> about it', 'page @U123 about it'],
    ['tell <#C123|shop-alerts> and <#C124>', 'tell #shop-alerts and #C124'],
    ['<!here> <!subteam^S1|@sre> <!date^1700000000^{date}|14:02>', '@here @sre 14:02'],
    ['see <https://grafana.example/d/1?a=1&amp;b=2>', 'see https://grafana.example/d/1?a=1&b=2'],
    ['<http://checkout.example.com|checkout.example.com>', 'checkout.example.com'],
    ['<mailto:mira@shop.example|mira@shop.example>', 'mira@shop.example'],
    // A label that hides where the link goes is not what was meant.
    ['<https://evil.example|https://bank.example>', 'https://evil.example'],
    ['scale if a &lt; b &amp;&amp; c &gt; d', 'scale if a < b && c > d'],
    ['&amp;lt; stays', '&lt; stays'],
  ])('%s', (sent, typed) => expect(saidText(sent, 'U0BOT')).toBe(typed))
})

describe('threads', () => {
  test('have a key by workspace, channel and first message, and come back from it', () => {
    for (const place of [
      { team: 'T1AB', channel: 'C1AB', threadTs: '1700000000.000100' },
      { team: 'T1AB', channel: 'D1AB' },
    ])
      expect(placeOf(threadKeyOf(place))).toEqual(place)
    for (const key of ['web-abc', 'T1AB:C1AB', 'T1AB:C1AB:x', 'C1AB:D1AB:1.2.3', 'T1AB:C1AB op-12345678'])
      expect(placeOf(key)).toBeUndefined()
  })

  test('of a command are begun by the first card', () => {
    const key = threadOfCommand('T1AB', 'C1AB', 'U1AB')
    expect(channelToBeginIn(key)).toBe('T1AB:C1AB')
    expect(speakerOfCommand(key)).toBe('U1AB')
    expect(speakerOfCommand('T1AB:C1AB op-12345678')).toBeUndefined()
    expect(threadOfCommand('T1AB', 'C1AB', 'U1AB')).not.toBe(key)
  })

  test('are kept in a dialog, as far as there is room', () => {
    const where = { channel: 'C1AB', threadTs: '1700000000.000100' }
    expect(whereOf(keepWhere('{"d":"x|y"}', where))).toEqual({ ...where, rest: '{"d":"x|y"}' })
    expect(whereOf(keepWhere('', {}))).toEqual({ channel: undefined, threadTs: undefined, rest: '' })
    const full = `{${'x'.repeat(2_998)}}`
    expect(whereOf(keepWhere(full, where))).toEqual({ channel: undefined, threadTs: undefined, rest: full })
  })
})

describe('the pace', () => {
  let now = 0
  const post: Sending = { team: 'T1', channel: 'C1', method: 'chat.postMessage', isLastWord: false }
  const progress: Sending = { ...post, method: 'chat.update' }
  const lastWord: Sending = { ...progress, isLastWord: true }
  const pacer = () => {
    now = 0
    return new Pacer(() => now)
  }

  test('one post a second for a channel, counted from its answer; channels side by side', () => {
    const pace = pacer()
    expect(pace.wait(post)).toBe(0)
    expect(pace.wait(post)).toBeGreaterThanOrEqual(1_000)
    expect(pace.wait({ ...post, channel: 'C2' })).toBe(0)
    now = 900
    pace.posted('T1', 'C1')
    now = 1_800
    expect(pace.wait(post)).toBeGreaterThan(0)
    now = 1_951
    expect(pace.wait(post)).toBe(0)
  })

  test('those that wait are called one after the other', () => {
    const pace = pacer()
    pace.wait(post)
    const waits = [pace.wait(post), pace.wait(post), pace.wait(post)]
    expect(waits[1]).toBeGreaterThanOrEqual((waits[0] ?? 0) + 1_000)
    expect(waits[2]).toBeGreaterThanOrEqual((waits[1] ?? 0) + 1_000)
  })

  test('progress leaves room for last words', () => {
    const pace = pacer()
    let shown = 0
    while (pace.wait(progress) === 0) shown += 1
    expect(shown).toBe(25)
    for (let at = 0; at < 25; at++) expect(pace.wait(lastWord)).toBe(0)
    expect(pace.wait(lastWord)).toBeGreaterThan(0)
    now = 60_000
    expect(pace.wait(progress)).toBe(0)
  })

  test('what Slack closes stays closed for everything of that method in that workspace', () => {
    const pace = pacer()
    pace.closedFor('T1', 'chat.update', 30_000)
    expect(pace.wait(lastWord)).toBe(30_000)
    expect(pace.wait({ ...lastWord, team: 'T2' })).toBe(0)
    expect(pace.wait(post)).toBe(0)
    now = 30_000
    expect(pace.wait(lastWord)).toBe(0)
  })
})
