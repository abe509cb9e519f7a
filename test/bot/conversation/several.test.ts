import { describe, expect, it } from 'vitest'
import { type Chat, wordsOf } from './chat.ts'
import { eachTestChats } from './each-test-chats.ts'

let chat: Chat
eachTestChats((opened) => {
  chat = opened
})

const labels = (card: { actions?: readonly { label: string }[] } | undefined) =>
  card?.actions?.map((action) => action.label)

describe('several targets in one sentence', () => {
  it('become one plan that lists each', async () => {
    const card = await chat.says('mira', 'please scale cart and search to 4 in staging')
    expect(card).toMatchObject({ kind: 'plan', title: 'scale cart and search in staging', subtitle: 'Please confirm' })
    const [operation, ...others] = await chat.operations()
    expect(others).toEqual([])
    expect(operation).toMatchObject({ skill: 'several', state: 'planned' })
    expect(operation?.plan.changes.map(({ target, to }) => `${target}: ${to}`)).toEqual([
      'cart in staging: 4',
      'search in staging: 4',
    ])
    await chat.clicks('mira', 'Go ahead')
    expect((await chat.operations())[0]).toMatchObject({ state: 'approved' })
  })

  it('are refused together, with a button that asks for the rest', async () => {
    const card = await chat.says('mira', 'deploy cart, search 9.9.9 staging')
    expect(wordsOf(card)).toContain('cart in staging: cart has no version 9.9.9.')
    expect(await chat.operations()).toEqual([])
  })

  it('are answered in one card when asked about', async () => {
    const card = await chat.says('mira', 'how are cart and search in production?')
    expect(card).toMatchObject({ kind: 'answer', title: 'Status of cart and search in production' })
    expect(wordsOf(card)).toContain('search in production is well')
  })

  it('are corrected together', async () => {
    await chat.says('mira', 'please scale cart and search to 4 in staging')
    const card = await chat.says('mira', 'make it 8 instead')
    expect(card?.title).toMatch(/: replicas 8$/)
    const [operation, ...others] = await chat.operations()
    expect(others).toEqual([])
    expect(operation).toMatchObject({ state: 'planned', planRevision: 2 })
    expect(operation?.plan.changes.map(({ to }) => to)).toEqual(['8', '8'])
  })
})

describe('several different requests in one sentence', () => {
  it('are a question whose buttons say each of them; none is done unasked', async () => {
    const card = await chat.says('mira', 'deploy cart 2.0.0 and scale search to 4 in staging')
    expect(card).toMatchObject({ kind: 'question', title: 'Which one first?' })
    expect(labels(card)).toEqual(['deploy cart 2.0.0 in staging', 'scale search to 4 in staging'])
    expect(await chat.operations()).toEqual([])
    await chat.clicks('mira', 'scale search to 4 in staging')
    await chat.clicks('mira', 'deploy cart 2.0.0 in staging')
    // Picked, not typed: each plan waits for its own click.
    expect((await chat.operations()).map(({ skill, state }) => `${skill} ${state}`)).toEqual([
      'deploy planned',
      'scale planned',
    ])
  })

  it.each([
    "scale cart to 4 in staging and don't scale search in staging",
    'should we deploy cart 2.0.0 and scale search to 4 in staging?',
    'jonas said deploy cart 2.0.0 and scale search to 4 in staging',
    'if it stays red deploy cart 2.0.0 and scale search to 4 in staging',
    'I deployed cart 2.0.0 and scaled search to 4 in staging',
  ])('are not made of %s', async (text) => {
    const card = await chat.says('mira', text)
    expect(card?.title).not.toBe('Which one first?')
    expect((await chat.operations()).filter(({ state }) => state !== 'planned')).toEqual([])
  })
})
