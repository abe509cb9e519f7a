import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { FakeTeams } from '../_harness/fake-teams.ts'
import { startTestProgram, type TestProgram } from '../_harness/program.ts'
import { cardOf, TeamsPerson, textOf } from '../_harness/teams-person.ts'
import { codeFor, PageSteps, typed } from './page-steps.ts'

/** docs/teams.md from its fourth step, where Microsoft's pages are left behind, to its last, with a stand-in for Microsoft's side. */
const page = new PageSteps('teams.md')
const NORA = randomUUID()

// A program and two commands are started, each as people start them.
vi.setConfig({ testTimeout: 150_000 })

let teams: FakeTeams
let folder: string
const closing: (() => Promise<void>)[] = []
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quarterdeck-teams-steps-'))
  teams = await FakeTeams.start()
  teams.members.set(NORA, { aadObjectId: NORA, name: 'Nora' })
  process.env.TEAMS_PASSWORD = 'the password of these steps'
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  await teams.close()
  rmSync(folder, { recursive: true, force: true })
  delete process.env.TEAMS_PASSWORD
})

/** The program with what the page says, but for whose bot it is and where Microsoft is. */
async function start(): Promise<TestProgram> {
  const said = page.configuration('appId', 'appPassword', 'tenants')
  const own = { ...(said.teams as object), ...teams.config('TEAMS_PASSWORD') } // the page's own block is a mapping
  expect(Object.keys(said.teams as object)).toEqual(['appId', 'appPassword', 'tenants'])
  const program = await startTestProgram({ config: { ...said, teams: own } })
  closing.push(() => program.close())
  return program
}

test('whoever follows docs/teams.md has an app to upload and is answered in a channel', async () => {
  const program = await start()
  const open = await fetch(`${program.address}/teams/messages`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' },
  })
  expect(open.status).toBe(Number(page.says(/answers (\d+) "This is no activity/)))
  expect(await open.text()).toContain('This is no activity of the Bot Framework.')

  const out = join(folder, 'quarterdeck.zip')
  await typed(page.command(/teams:package/).map((word) => (word === 'quarterdeck.zip' ? out : word)))
  const files = unzipSync(readFileSync(out))
  const manifest = JSON.parse(strFromU8(files['manifest.json'] ?? new Uint8Array()))
  expect(manifest.manifestVersion).toBe(page.says(/writes the manifest \(([\d.]+)\)/))
  expect(Object.keys(files)).toEqual(
    expect.arrayContaining(['manifest.json', manifest.icons.color, manifest.icons.outline]),
  )

  const alone = new TeamsPerson(teams, () => program.address, NORA, `a:${NORA}`)
  const hint = JSON.stringify(cardOf(await alone.says('help', (text) => text.includes('I do not know this account'))))
  const [, id = ''] = /teams:([0-9a-f-]{36})/.exec(hint) ?? []
  expect(id).toBe(NORA)
  const code = await codeFor(`teams:${id}`, program)
  await alone.says(code, (text) => !text.includes('I do not know this account'))
  const said = page.says(/say `@Quarterdeck ([^`]+)`/)
  expect(said).toMatch(/checkout in production/)
  const channel = new TeamsPerson(teams, () => program.address, NORA, '19:shop@thread.tacv2;messageid=1')
  const answer = await channel.says(said, (text) => /checkout[\s\S]*production/.test(text))
  expect(textOf(cardOf(answer))).toContain('checkout in production')
})
