import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createAudience } from '../../../bot/slack/audience.ts'
import { createWorkspaces } from '../../../bot/slack/workspaces.ts'
import type { PersonId } from '../../../core/ids.ts'
import type { Person } from '../../../core/person.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import { quietDeps } from './quiet-deps.ts'
import { BOT } from './seed.ts'
import { Town } from './town.ts'

let town: Town
let everybody: Person[]
beforeAll(async () => {
  town = await Town.open()
  everybody = ['mira', 'sam'].map((name) => ({
    ...{ id: name as PersonId, name, timezone: 'UTC', grants: [], active: true },
    accounts: [{ surface: 'slack', id: town.id(name) }],
  }))
})
afterAll(() => town.close())
beforeEach(() => {
  town.front.calls.length = 0
  town.front.instead.length = 0
})

/** Asks with nothing in memory; who is only on the page has no account in Slack. */
function open() {
  // The workspaces ask the people for accounts only; no store is needed.
  const { people } = quietDeps({} as Parameters<typeof quietDeps>[0])
  const workspaces = createWorkspaces({
    ...{ botToken: BOT.token, home: undefined, api: town.api, log: silentLogger, installed: async () => undefined },
    people: { ...people, byId: (id) => everybody.find((one) => one.id === id) },
  })
  const admits = createAudience(workspaces)
  const [mira, sam] = everybody
  if (!mira || !sam) throw new Error('the town is empty')
  const onPage: Person = { ...mira, id: 'priya' as PersonId, accounts: [] }
  return { admits, mira, sam, onPage }
}
const prod = () => `${town.team}:${town.channel('prod')}`

/** The channel is private, and these are in it, one to a page. */
function privately(...names: string[]) {
  town.front.also.push((call, answer) =>
    call.method === 'conversations.info' && typeof answer.channel === 'object'
      ? { ...answer, channel: { ...answer.channel, is_private: true } }
      : answer,
  )
  town.front.instead.push(({ method, args }) => {
    if (method !== 'conversations.members') return undefined
    const at = Number(args.cursor ?? 0)
    const next = at + 1 < names.length ? String(at + 1) : ''
    const members = names.slice(at, at + 1).map((name) => town.id(name))
    return { body: { ok: true, members, response_metadata: { next_cursor: next } } }
  })
  return () => town.front.also.pop()
}

test('a public channel is read by everybody', async () => {
  const { admits, sam, onPage } = open()
  expect(await Promise.all([admits(prod(), sam), admits(prod(), onPage)])).toEqual([true, true])
  expect(town.front.of('conversations.members')).toEqual([])
})

test('a private channel is read by its members, as Slack said a moment ago', async () => {
  const end = privately('jonas', 'mira')
  const { admits, mira, sam, onPage } = open()
  for (const _ of ['asked', 'remembered'])
    expect([await admits(prod(), mira), await admits(prod(), sam), await admits(prod(), onPage)]).toEqual([
      true,
      false,
      false,
    ])
  expect(town.front.of('conversations.members')).toHaveLength(2)
  end()
})

test('one that does not let the app in, or that nobody knows, is read by nobody', async () => {
  const { admits, mira } = open()
  expect(await admits('#prod', mira)).toBe(false)
  expect(await admits('T0ELSEWHERE:C012', mira)).toBe(false)
  town.front.instead.push(({ method }) =>
    method === 'conversations.info' ? { body: { ok: false, error: 'channel_not_found' } } : undefined,
  )
  expect(await admits(prod(), mira)).toBe(false)
})

test('what Slack does not say is not guessed, and asked again', async () => {
  const { admits, mira } = open()
  let calls = 0
  town.front.instead.push(({ method }) => {
    if (method !== 'conversations.info') return undefined
    calls += 1
    return calls === 1 ? { status: 503, body: {} } : undefined
  })
  await expect(admits(prod(), mira)).rejects.toThrow(/conversations.info/)
  expect(await admits(prod(), mira)).toBe(true)
})
