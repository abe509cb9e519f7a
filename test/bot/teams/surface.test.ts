import { describe, expect, test, vi } from 'vitest'
import { MessageGoneError } from '../../../bot/deliver/message-gone.ts'
import type { PersonId } from '../../../core/ids.ts'
import { MIRA, message, open, place, THREAD, teams, titles, useLoneTeams } from './lone.ts'

useLoneTeams()

describe('the surface', () => {
  test('posts where it was spoken to and edits in place, also after it was started anew', async () => {
    const first = await open()
    await first.mira.send(first.mira.message('hello'))
    const { ref } = await first.surface.post(message('One'))
    await first.close()
    const { surface } = await open()
    await surface.update({ ...message('Two'), ref })
    expect(titles()).toEqual([`${THREAD} Two`])
    teams.messages.length = 0
    await expect(surface.update({ ...message('Three'), ref })).rejects.toThrow(MessageGoneError)
  })

  test('shows what is for one person in their own chat, which it opens once', async () => {
    const { surface, mira, close, vouchedEmail } = await open()
    await mira.send(mira.message('hello'))
    await surface.post(message('Secret', { only: 'mira' as PersonId }))
    await surface.post(message('Another', { only: 'mira' as PersonId }))
    expect(titles()).toEqual([`a:${MIRA} Secret`, `a:${MIRA} Another`])
    expect(teams.asked.filter((one) => one === 'POST /emea/v3/conversations')).toHaveLength(1)
    await expect(surface.post(message('Lost', { only: 'sam' as PersonId }))).rejects.toMatchObject({ retryable: false })
    expect(titles()).toHaveLength(2)
    const account = { surface: 'teams' as const, id: MIRA }
    expect(await vouchedEmail?.(account)).toBe('mira@shop.example')
    await close()
    const anew = await open()
    expect(await anew.vouchedEmail?.(account)).toBe('mira@shop.example')
    expect(await anew.vouchedEmail?.({ ...account, id: MIRA.replace('a', 'b') })).toBeUndefined()
    teams.members.set(MIRA, { aadObjectId: MIRA, name: 'Mira', email: 'mira@shop.example', userRole: 'guest' })
    expect(await (await open()).vouchedEmail?.(account)).toBeUndefined()
  })

  test('begins a thread in a channel, and says what its key is', async () => {
    const { surface, mira } = await open()
    await mira.send(mira.message('hello'))
    const begun = await surface.post(message('Top', { begins: '19:ops@thread.tacv2' }))
    expect(begun.threadKey).toMatch(/^19:ops@thread.tacv2;messageid=\d+$/)
    await surface.update({ ...message('Later'), ref: begun.ref })
    expect(titles()).toEqual([`${begun.threadKey} Later`])
  })

  test('says how long Teams wants to be left alone, and what is wrong where waiting does not help', async () => {
    const { surface, mira, said } = await open()
    await mira.send(mira.message('hello'))
    // Who speaks is asked behind the answer.
    await expect.poll(() => said).toEqual(['hello'])
    teams.instead.push({ status: 429, headers: { 'Retry-After': '7' } }, { status: 503 }, { status: 403 })
    await expect(surface.post(message('x'))).rejects.toMatchObject({ retryable: true, retryAfterMs: 7_000 })
    await expect(surface.post(message('x'))).rejects.toMatchObject({ retryable: true })
    await expect(surface.post(message('x'))).rejects.toMatchObject({ retryable: false, message: /installed/ })
    const waits = Array.from({ length: 7 }, () => surface.pace?.(message('x')) ?? -1)
    expect(waits.slice(0, 6)).toEqual([0, 0, 0, 0, 0, 0])
    expect(waits[6]).toBeGreaterThan(1_000)
    vi.useFakeTimers({ toFake: ['Date'] })
    vi.setSystemTime(Date.now() - 3_600_000)
    expect(surface.pace?.(message('x'))).toBeLessThan(30_000)
    vi.useRealTimers()
  })

  test('says for /readyz how Microsoft’s side is, without asking it', async () => {
    const { surface, mira, said, health } = await open()
    expect(await health?.()).toEqual({ ok: true, says: 'is configured; no card was sent yet' })
    await mira.send(mira.message('hello'))
    await expect.poll(() => said).toEqual(['hello'])
    // What one conversation does not take is not said of all.
    teams.instead.push({ status: 403 }, { status: 429 }, { status: 503 })
    await expect(surface.post(message('x'))).rejects.toThrow('403')
    await expect(surface.post(message('x'))).rejects.toThrow('429')
    expect(await health?.()).toEqual({ ok: true, says: 'is configured; no card was sent yet' })
    await expect(surface.post(message('x'))).rejects.toThrow('503')
    expect(await health?.()).toEqual({ ok: false, says: 'Teams answers 503 (Instead).' })
    const asked = teams.asked.length
    await surface.post(message('x'))
    expect(await health?.()).toEqual({ ok: true, says: 'takes cards' })
    expect(teams.asked).toHaveLength(asked + 1)
    teams.instead.push({ status: 401 }, { status: 401 })
    await expect(surface.post(message('x'))).rejects.toThrow('401')
    expect(await health?.()).toMatchObject({ ok: false, says: expect.stringContaining('teams.appPassword') })
  })

  test('says so when the login refuses the bot, and when nobody can be heard because there are no keys', async () => {
    const { surface, mira, said, health } = await open()
    await mira.send(mira.message('hello'))
    await expect.poll(() => said).toEqual(['hello'])
    teams.loginsRefused = true
    const anew = await open()
    await expect(anew.surface.post(message('x'))).rejects.toThrow('login answers 400')
    expect(await anew.health?.()).toMatchObject({ ok: false, says: expect.stringContaining('login answers 400') })
    teams.loginsRefused = false
    await anew.surface.post(message('x'))
    expect(await anew.health?.()).toEqual({ ok: true, says: 'takes cards' })
    // Who has read keys hears on with them.
    teams.keysGone = true
    await surface.post(message('x'))
    expect(await health?.()).toEqual({ ok: true, says: 'takes cards' })
    expect((await anew.mira.send(mira.message('nobody hears'))).ok).toBe(false)
    expect(await anew.health?.()).toMatchObject({ ok: false, says: expect.stringContaining('keys') })
    teams.keysGone = false
    expect((await anew.mira.send(mira.message('heard'))).status).toBe(202)
    expect(await anew.health?.()).toEqual({ ok: true, says: 'takes cards' })
  })

  test('refuses what is no activity, what nobody signed and what is too large, each in a sentence', async () => {
    const { mira } = await open()
    const refused = async (activity: object, authorization?: string) => {
      const answer = await mira.send(activity, authorization)
      return [answer.status, ((await answer.json()) as { error: string }).error]
    }
    expect(await refused({})).toEqual([400, 'This is no activity of the Bot Framework.'])
    expect(await refused(mira.message('x'), '')).toEqual([401, 'This activity is refused: it has no token.'])
    expect((await mira.send(mira.message('x'.repeat(1_100_000)))).status).toBe(413)
  })

  test('answers while the store does not, and stores behind where it may speak', async () => {
    let isDown = true
    const down = new Proxy(place.store, {
      get(store, key) {
        if (key === 'db' && isDown) throw new Error('the store is down')
        return Reflect.get(store, key)
      },
    })
    const first = await open(down)
    const tokens = `Bearer ${await teams.token()}`
    await first.mira.send(first.mira.message('warm'), tokens)
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, at) => first.mira.send(first.mira.message(`say ${at}`), tokens)),
    )
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202))
    isDown = false
    await first.close()
    expect(first.said.toSorted()).toEqual(['warm', ...Array.from({ length: 50 }, (_, at) => `say ${at}`)].toSorted())
    await (await open()).surface.post(message('Known'))
    expect(titles()).toEqual([`${THREAD} Known`])
  })
})
