import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { argv, exit, stderr, stdout } from 'node:process'
import { gzipSync } from 'node:zlib'
import { parse } from 'yaml'
import { freePort } from '../../../test/bot/slack/seed.ts'
import { openCountingProxy } from '../cancel/proxy.ts'
import { CHATS } from '../prover.ts'
import { openChat } from '../surfaces/open.ts'
import { GoldenPeople } from './golden-people.ts'
import {
  linkElsewhere,
  playWhatEnds,
  playWhatHolds,
  playWhatIsOpen,
  playWhatRuns,
  subscribeIn,
} from './golden-plays.ts'

/**
 * Makes what a release leaves behind, for the `upgrade` prover to start from: `node bench/prove/upgrade/make-golden.ts CHECKOUT OUT`, where
 * CHECKOUT is a checkout of that release with its packages and OUT is `bench/prove/upgrade/golden/NNNN-COMMIT`. All of it is that release's own
 * doing: its program, its sandbox, its backup, with people who ask and decide in Slack and in Teams at the same time. In both there are
 * operations in every state that lasts, a channel that hears of production, one that has stopped to let the bot in, an open question, and
 * messages that stand there; an account was tied to its person by a code, and Slack was installed over OAuth. It takes some minutes.
 */
const [, , checkout, out] = argv
if (!checkout || !out) {
  stderr.write('Say of which release and where to: make-golden.ts CHECKOUT OUT\n')
  exit(2)
}
const root = resolve(checkout)
const { startProgram }: typeof import('../../../main.ts') = await import(join(root, 'main.ts'))
const { configFrom }: typeof import('../../../core/config.ts') = await import(join(root, 'core/config.ts'))
const { silentLogger }: typeof import('../../../core/ports/logger.ts') = await import(
  join(root, 'core/ports/logger.ts')
)
const { startSandbox }: typeof import('../../../sandbox/server.ts') = await import(join(root, 'sandbox/server.ts'))
const { backup }: typeof import('../../../db/commands/backup.ts') = await import(join(root, 'db/commands/backup.ts'))

/** Whose account in Teams is none of the configuration's. */
const LINKED = 'lena'
const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-golden-'))
const dataFolder = join(folder, 'data')
const sandbox = await startSandbox({ seed: 1, speed: 60, withPast: false, dataFile: join(folder, 'sandbox.json') })
// What the cluster will not do makes what fails, and what needs a person.
const proxy = await openCountingProxy(sandbox.url)
interface Example {
  readonly approvals: readonly object[]
  readonly people: Readonly<Record<string, { readonly accounts: object }>>
}
const example = parse(readFileSync(join(root, 'quarterdeck.yaml'), 'utf8')) as Example // the example has them
const chats = await Promise.all(
  CHATS.map((name) => openChat(name, Object.keys(example.people), { byInstalling: true })),
)
const accountsOf = (person: string) =>
  chats
    .filter(({ name }) => person !== LINKED || name !== 'teams')
    .map((chat) => chat.accountOf(person))
    .map(({ surface, id }) => [surface, id])
const people = Object.entries(example.people).map(([id, person]) => [
  id,
  { ...person, accounts: { ...person.accounts, ...Object.fromEntries(accountsOf(id)) } },
])
const hasty = {
  name: 'hasty restarts',
  when: { environments: ['staging'], skills: ['restart'] },
  require: { count: 1, role: 'approver' },
  expires: '2s',
}
const listen = { host: '127.0.0.1', port: await freePort() }
const settings = {
  ...example,
  people: Object.fromEntries(people),
  approvals: [...example.approvals, hasty],
  // Slack sends there whoever installs the bot.
  address: `http://${listen.host}:${listen.port}`,
}
const config = configFrom({
  ...settings,
  ...Object.assign({}, ...chats.map((chat) => chat.config)),
  ...{ dataFolder, listen, cluster: { sandbox: proxy.url } },
})
let program = await startProgram(config, 'all', silentLogger)
const tell = (line: string) => void stdout.write(`${line}\n`)
const crowds = chats.map((chat) => new GoldenPeople(chat, () => program, tell))
const [slack, teams] = crowds
if (!slack || !teams) throw new Error('There is no Slack, or no Teams.')

for (const { chat, address } of crowds) await chat.install(address)
// Where Teams is becomes known when somebody speaks there.
for (const crowd of crowds) await crowd.asks('whoami')
await Promise.all(crowds.map(subscribeIn))
await linkElsewhere(LINKED, slack, teams)
await Promise.all(crowds.map((crowd) => playWhatEnds(crowd, proxy)))
const held = await Promise.all(crowds.map(playWhatHolds))
const paused = await fetch(`${sandbox.url}/control/api/pause`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ paused: true }),
})
if (!paused.ok) throw new Error(`The cluster does not stand still: ${await paused.text()}`)
await Promise.all(crowds.map(playWhatRuns))
await Promise.all(crowds.map((crowd) => crowd.allShown()))
await program.close()

program = await startProgram(config, 'all', silentLogger, { takesJobs: false })
for (const [n, crowd] of crowds.entries()) {
  const last = held[n]
  if (last) await playWhatIsOpen(crowd, last)
}
await Promise.all(crowds.map((crowd) => crowd.allShown()))
const kept = await Promise.all(chats.map((chat) => chat.keep(program.address ?? '')))
await program.close()
await Promise.all([proxy.close(), sandbox.close(), ...chats.map((chat) => chat.close())])

mkdirSync(out, { recursive: true })
tell(await backup({ backend: 'pglite', folder: dataFolder }, silentLogger, join(resolve(out), 'store.backup.gz')))
copyFileSync(join(dataFolder, 'audit-heads.jsonl'), join(out, 'audit-heads.jsonl'))
const pack = (name: string, content: Buffer | string) =>
  writeFileSync(join(out, `${name}.json.gz`), gzipSync(content, { level: 9 }))
pack('sandbox', readFileSync(join(folder, 'sandbox.json')))
for (const [n, { name }] of chats.entries()) pack(name, JSON.stringify(kept[n]))
writeFileSync(join(out, 'golden.json'), `${JSON.stringify({ at: new Date().toISOString(), settings }, null, 1)}\n`)
rmSync(folder, { recursive: true, force: true })
exit(0)
