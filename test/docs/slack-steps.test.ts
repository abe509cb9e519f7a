import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startTestProgram, type TestProgram } from '../_harness/program.ts'
import { BOT } from '../bot/slack/seed.ts'
import { SIGNING_SECRET, signedJson } from '../bot/slack/signed.ts'
import { type Message, Town } from '../bot/slack/town.ts'
import { codeFor, PageSteps, typed } from './page-steps.ts'

/** docs/slack.md from its first step to its last, with a stand-in for Slack's side. */
const page = new PageSteps('slack.md')
const ADDRESS = 'https://quarterdeck.example.com'
/** Nobody of the example's people. */
const NORA = 'nora'

// A program and two commands are started, each as people start them.
vi.setConfig({ testTimeout: 150_000 })

let town: Town
const closing: (() => Promise<void>)[] = []
beforeEach(async () => {
  town = await Town.open({ people: [NORA], channels: ['prod'] })
  process.env.SLACK_BOT_TOKEN = BOT.token
  process.env.SLACK_SIGNING_SECRET = SIGNING_SECRET
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  await town.close()
  delete process.env.SLACK_BOT_TOKEN
  delete process.env.SLACK_SIGNING_SECRET
})

/** The program with what the page says, but for where Slack is. */
async function start(): Promise<TestProgram> {
  const said = page.configuration('signingSecret', 'botToken', 'address')
  const slack = { ...(said.slack as object), api: town.api } // the page's own block is a mapping
  const program = await startTestProgram({ config: { ...said, slack } })
  closing.push(() => program.close())
  town.program = program.address
  return program
}

const textOf = (message: Message | undefined): string => JSON.stringify(message?.blocks ?? '')

test('whoever follows docs/slack.md with a public address is answered in a channel', async () => {
  const manifest = JSON.parse(await typed(page.command(/slack:manifest -- --url \S+ > /)))
  const { request_url: events } = manifest.settings.event_subscriptions
  expect(events).toBe(`${ADDRESS}/slack/events`)
  expect(manifest.settings.interactivity.request_url).toBe(events)
  expect(manifest.features.slash_commands[0]).toMatchObject({ command: '/qd', url: events })

  const program = await start()
  // "Verify the request URL": Slack asks the address that the manifest names.
  const { pathname } = new URL(events)
  const verified = await town.post(signedJson({ type: 'url_verification', challenge: 'a-challenge' }), pathname)
  expect(await verified.json()).toEqual({ challenge: 'a-challenge' })

  const { channel, ts } = await town.whispers(NORA, 'help')
  const last = (thread: string) => town.thread(thread, channel).then((all) => textOf(all.at(-1)))
  await expect.poll(() => last(ts)).toContain('I do not know this account yet')
  const [, id = ''] = /slack:(U\w+)/.exec(await last(ts)) ?? []
  expect(id).toBe(town.id(NORA))

  const linked = await town.whispers(NORA, await codeFor(`slack:${id}`, program))
  await expect.poll(() => last(linked.ts)).toContain('Your rights hold here too')
  const said = page.says(/say `@quarterdeck ([^`]+)`/)
  expect(said).toMatch(/checkout in production/)
  const thread = await town.mentions(NORA, said)
  const answer = () => town.thread(thread).then((all) => textOf(all.find(({ user }) => user === BOT.userId)))
  await expect.poll(answer).toMatch(/checkout.*production/)
})
