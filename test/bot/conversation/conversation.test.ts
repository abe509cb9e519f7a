import { describe, expect, it } from 'vitest'
import { type Chat, wordsOf } from './chat.ts'
import { eachTestChats } from './each-test-chats.ts'

let chat: Chat
eachTestChats((opened) => {
  chat = opened
})

const labels = (card: { actions?: readonly { label: string }[] } | undefined) =>
  card?.actions?.map((action) => action.label)

describe('asking for a change', () => {
  it('turns a command into an operation at once, and a sentence into a plan that waits for a click', async () => {
    await chat.says('mira', 'deploy checkout 1.4.2 to staging')
    await chat.says('mira', 'please put cart 2.0.0 on staging')
    const [sentence, command] = await chat.operations()
    expect(command).toMatchObject({ skill: 'deploy', readBy: 'command', state: 'approved', service: 'checkout' })
    expect(sentence).toMatchObject({
      skill: 'deploy',
      readBy: 'local',
      state: 'planned',
      service: 'cart',
      said: 'please put cart 2.0.0 on staging',
    })
  })

  it('acts once on a redelivered message', async () => {
    await chat.says('mira', 'deploy checkout 1.4.2 staging', { key: 'same-key-1' })
    await chat.says('mira', 'deploy checkout 1.4.2 staging', { key: 'same-key-1' })
    expect(await chat.operations()).toHaveLength(1)
    expect(await chat.requests()).toHaveLength(1)
  })

  it('keeps the order of a thread', async () => {
    const said = ['deploy checkout 1.4.2 staging', 'status', 'deploy cart 1.0.0 dev', 'scale cart dev 3']
    for (const [index, text] of said.entries())
      chat.conversation.receive({
        surface: 'web',
        threadKey: chat.threadKey,
        account: { surface: 'web', id: 'mira' },
        text,
        key: `order-${chat.threadKey}-${index}`,
        at: new Date(chat.now.getTime() + index),
      })
    await chat.conversation.idle()
    expect((await chat.requests()).map(({ text }) => text)).toEqual(said)
    expect((await chat.requests()).map(({ outcome }) => outcome)).toEqual([
      'proposed',
      'answered',
      'proposed',
      'proposed',
    ])
  })

  it('refuses privately, with what to say instead', async () => {
    const card = await chat.says('mira', 'deploy checkout 9.9.9 staging')
    expect(card).toMatchObject({
      kind: 'refusal',
      actions: [{ verb: 'say', payload: { text: 'deploy checkout 1.4.2 staging' } }],
    })
    expect(await chat.cards('jonas')).toHaveLength(0)
    await chat.clicks('mira', 'deploy checkout 1.4.2 staging')
    expect(await chat.operations()).toHaveLength(1)
  })

  it('names the missing right to who lacks it', async () => {
    const card = await chat.says('sam', 'deploy checkout 1.4.2 staging')
    expect(card).toMatchObject({ kind: 'refusal', title: 'Not allowed' })
    expect(wordsOf(card)).toContain('operator')
    expect(await chat.operations()).toHaveLength(0)
  })
})

describe('questions', () => {
  it('asks for what is missing with buttons, and a click fills it in', async () => {
    const card = await chat.says('mira', 'deploy checkout 1.4.2')
    expect(card).toMatchObject({ kind: 'question', title: 'Deploy: which environment?' })
    expect(labels(card)).toEqual(['dev', 'staging', 'production', 'Never mind'])
    expect(await chat.clicks('jonas', 'staging')).toEqual({ ok: false, says: 'Only Mira can answer this.' })
    expect(await chat.clicks('mira', 'staging')).toMatchObject({ ok: true })
    expect(await chat.operations()).toMatchObject([
      { readBy: 'form', environment: 'staging', state: 'approved', said: 'deploy checkout 1.4.2 → staging' },
    ])
    expect((await chat.cards())[0]).toMatchObject({
      final: true,
      card: { blocks: [{ text: 'Answered by Mira: staging' }] },
    })
  })

  it('takes a typed word as the answer', async () => {
    await chat.says('mira', 'scale cart in staging')
    await chat.says('mira', 'make it six')
    expect(await chat.operations()).toMatchObject([{ skill: 'scale', plan: { input: { replicas: 6 } } }])
  })

  it('does not run on a click what was not typed as a command', async () => {
    await chat.says('mira', 'please deploy checkout 1.4.2')
    await chat.clicks('mira', 'staging')
    expect(await chat.operations()).toMatchObject([{ readBy: 'local', state: 'planned' }])
  })

  it('asks for several things with one form, and again for what is wrong in it', async () => {
    const form = await chat.says('mira', 'deploy checkout')
    expect(form).toMatchObject({ kind: 'form', title: 'Deploy: I still need version and environment.' })
    await chat.clicks('mira', 'Continue', { version: '1.4.2', environment: 'moon' })
    const [again] = await chat.cards('mira')
    expect(wordsOf(again?.card)).toContain('There is no environment "moon"')
    await chat.clicks('mira', 'production')
    expect(await chat.operations()).toMatchObject([
      { environment: 'production', plan: { input: { version: '1.4.2' } } },
    ])
  })

  it('asks about a misspelt name instead of guessing', async () => {
    const card = await chat.says('mira', 'deploy carr 1.4.2 staging')
    expect(wordsOf(card)).toContain('There is no service "carr". Did you mean cart?')
    await chat.says('mira', 'cart')
    expect(await chat.operations()).toMatchObject([{ service: 'cart' }])
  })

  it('drops a question, replaces it, lets it expire, and takes nobody else’s words for its answer', async () => {
    await chat.says('mira', 'deploy checkout 1.4.2')
    expect(await chat.says('mira', 'never mind')).toMatchObject({ title: 'Dropped' })
    // By itself it may ask how staging is; it answers nothing that is closed.
    expect(['answer', 'notice']).toContain((await chat.says('mira', 'staging'))?.kind)

    await chat.says('mira', 'deploy checkout 1.4.2')
    await chat.says('mira', 'status cart staging')
    // By itself it may ask how staging is; it answers nothing that is closed.
    expect(['answer', 'notice']).toContain((await chat.says('mira', 'staging'))?.kind)

    await chat.says('mira', 'deploy checkout 1.4.2')
    await chat.says('jonas', 'staging')
    expect(await chat.operations()).toHaveLength(0)
    expect(await chat.says('mira', 'what a day')).toMatchObject({ title: 'I still wait for an answer' })
    chat.now = new Date(chat.now.getTime() + 31 * 60_000)
    await chat.says('mira', 'staging')
    expect(await chat.clicks('mira', 'staging')).toMatchObject({
      ok: false,
      says: 'This question is no longer open. Ask again.',
    })
    expect(await chat.operations()).toHaveLength(0)
  })

  it('keeps one question for each person', async () => {
    await chat.says('mira', 'deploy checkout 1.4.2')
    await chat.says('jonas', 'scale cart in dev')
    await chat.says('mira', 'staging')
    await chat.says('jonas', '4')
    expect((await chat.operations()).map(({ personId, skill, environment }) => [personId, skill, environment])).toEqual(
      [
        ['jonas', 'scale', 'dev'],
        ['mira', 'deploy', 'staging'],
      ],
    )
  })
})

describe('going on from what was said', () => {
  it('corrects an open plan, its owner’s only', async () => {
    await chat.says('mira', 'please scale cart to 6 in staging')
    await chat.says('mira', 'make it 8 instead')
    await chat.says('mira', 'no, not staging, production')
    expect(await chat.operations()).toMatchObject([
      { planRevision: 3, environment: 'production', plan: { input: { replicas: 8 } }, state: 'planned' },
    ])
    expect(wordsOf(await chat.says('mira', 'make it -5'))).toContain('The plan stays as it was')
  })

  it('makes a plan of their own from what somebody else would correct', async () => {
    await chat.says('mira', 'please scale cart to 6 in staging')
    await chat.says('jonas', 'make it 9')
    const [his, hers] = await chat.operations()
    expect(hers).toMatchObject({ personId: 'mira', planRevision: 1, plan: { input: { replicas: 6 } } })
    expect(his).toMatchObject({ personId: 'jonas', state: 'planned', plan: { input: { replicas: 9 } } })
  })

  it('knows what "it" was', async () => {
    await chat.says('mira', 'status cart staging')
    await chat.says('mira', 'scale it to 6 there')
    expect(await chat.operations()).toMatchObject([{ service: 'cart', environment: 'staging' }])
  })

  it('answers questions, and small talk with a hint and nothing else', async () => {
    expect(await chat.says('mira', 'how is cart in prod?')).toMatchObject({ title: 'cart in production is well' })
    for (const text of [
      'should we deploy checkout 1.4.2 to staging?',
      "don't deploy checkout 1.4.2 to staging",
      'thanks a lot',
    ])
      expect(await chat.says('mira', text), text).toMatchObject({ kind: 'notice' })
    expect(await chat.operations()).toHaveLength(0)
  })
})

describe('what can be wrong with a message', () => {
  it('says so of an empty one and of one too long, whose end might mean the opposite', async () => {
    expect(await chat.says('mira', ' \u200b\u202e ')).toMatchObject({ title: 'That message was empty' })
    const long = await chat.says('mira', `deploy checkout 1.4.2 to staging ${'x '.repeat(50_000)}`)
    expect(wordsOf(long)).toContain('100,033 characters')
    expect((await chat.requests()).at(-1)?.text.length).toBeLessThan(4_100)
    expect(await chat.operations()).toHaveLength(0)
  })

  it('tells of a bug by an id that is in the log, and of nothing inside', async () => {
    const card = await chat.says('mira', 'broken')
    const id = /bug-[0-9a-z]{8}/.exec(JSON.stringify(card))?.[0]
    expect(id).toBeDefined()
    expect(JSON.stringify(card)).not.toContain('secret inner words')
    expect(chat.logged).toMatchObject([{ bug: id, person: 'mira' }])
  })

  it('knows nobody by an unlinked account, and no leaver', async () => {
    expect(wordsOf(await chat.says('ghost', 'status'))).toContain('link web:ghost')
    await chat.says('lee', 'deploy checkout 1.4.2 staging')
    expect(await chat.operations()).toHaveLength(0)
    await chat.says('mira', 'deploy checkout 1.4.2')
    expect(await chat.clicks('ghost', 'staging')).toMatchObject({
      ok: false,
      says: expect.stringContaining('I do not know web:ghost yet'),
    })
    // Who left the configuration left with their accounts.
    expect(await chat.clicks('lee', 'staging')).toMatchObject({
      ok: false,
      says: expect.stringContaining('I do not know web:lee yet'),
    })
  })
})
