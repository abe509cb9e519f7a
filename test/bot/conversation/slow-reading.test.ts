import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ModelReader } from '../../../bot/understand/language-model/model-reader.ts'
import { describeOnStores } from '../../_harness/store.ts'
import { type Reading, startReading } from '../understand/language-model/reading.ts'
import { Chat, eventually, wordsOf } from './chat.ts'

const READING = 'Reading this more closely…'

describeOnStores('while a language model reads', (store) => {
  let reading: Reading
  let goOn: () => void
  let slow: ModelReader
  const chats: Chat[] = []
  beforeAll(async () => {
    reading = await startReading()
  })
  beforeEach(() => {
    const released = new Promise<void>((resolve) => {
      goOn = resolve
    })
    slow = {
      ...reading.reader,
      read: async (text, given) => {
        await released
        return reading.reader.read(text, given)
      },
    }
    reading.fake.answers = {}
  })
  afterAll(async () => {
    goOn()
    for (const chat of chats) await chat.close()
    await reading.fake.close()
  })

  async function openChat(reader: ModelReader, slowReadingMs: number): Promise<Chat> {
    const chat = await new Chat(store()).open({ reader, limits: { slowReadingMs } })
    chats.push(chat)
    return chat
  }
  const titles = async (chat: Chat, who: string) => (await chat.cards(who)).map(({ card }) => card.title)

  /** Says something of which a card soon says that it is being read, and lets the model answer then. */
  async function saysSlowly(chat: Chat, text: string): Promise<void> {
    const said = chat.says('mira', text)
    await eventually(async () => (await titles(chat, 'jonas')).includes(READING))
    goOn()
    await said
  }
  const deploy = (version: string | null) => [
    { tool: 'deploy', arguments: { unclear: [], service: 'checkout', version, environment: 'staging' } },
  ]

  test('a card says so, and its question takes that card’s place', async () => {
    const chat = await openChat(slow, 1)
    reading.fake.answers = () => deploy(null)
    await saysSlowly(chat, 'kasse bitte nach staging ausrollen')
    expect(await titles(chat, 'jonas')).toEqual(['Deploy: which version?'])
  })

  test('a plan has a card of its own, and nothing goes on saying that it is being read', async () => {
    const chat = await openChat(slow, 1)
    reading.fake.answers = () => deploy('1.4.2')
    await saysSlowly(chat, 'bitte kasse 1.4.2 nach staging ausrollen')
    const [operation] = await chat.operations()
    const cards = await chat.cards('jonas')
    const said = cards.find(({ operationId }) => operationId === null)
    expect(wordsOf(said?.card)).toBe(`Read\nThe plan is ${operation?.id}, on a card of its own.`)
    expect(cards.filter((one) => one !== said)).toMatchObject([{ operationId: operation?.id }])
  })

  test('what only the speaker shall see stays theirs', async () => {
    const chat = await openChat(slow, 1)
    await saysSlowly(chat, 'kasse bitte mal irgendwie größer machen')
    expect(await titles(chat, 'jonas')).toEqual(['Read'])
    expect(new Set(await titles(chat, 'mira'))).toEqual(new Set(['Read', 'I did not take that as a request']))
  })

  test('a quick one says nothing of it', async () => {
    const chat = await openChat(reading.reader, 60_000)
    reading.fake.answers = () => deploy(null)
    await chat.says('mira', 'kasse bitte nach staging ausrollen')
    expect(await chat.cards()).toMatchObject([{ revision: 1, card: { title: 'Deploy: which version?' } }])
  })

  test('whoever takes it up after a death writes over that card', async () => {
    const chat = await openChat(slow, 1)
    const said = chat.says('mira', 'bitte kasse mal irgendwie neu ausrollen')
    await eventually(async () => (await titles(chat, 'mira')).includes(READING))
    const dead = chat.conversation
    chat.now = new Date(chat.now.getTime() + 120_000)
    // The one that comes after has no model any more.
    await chat.open()
    await chat.conversation.recover()
    await chat.conversation.idle()
    expect(await titles(chat, 'jonas')).toEqual(['Read'])
    expect(await titles(chat, 'mira')).toEqual(['Read', 'I did not take that as a request'])
    goOn()
    await dead.close()
    await said
  })
})
