import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { argv, exit, stderr, stdout } from 'node:process'
import { gzipSync } from 'node:zlib'
import { parse } from 'yaml'
import { type SeenCard, WebPerson } from '../../../test/_harness/web-person.ts'
import { openCountingProxy } from '../cancel/proxy.ts'

/**
 * Makes the store that a release leaves behind, with operations in every state that lasts, for the `upgrade` prover to start from:
 * `node bench/prove/upgrade/make-golden.ts CHECKOUT OUT`, where CHECKOUT is a checkout of that release with its packages. All of it is that
 * release's own doing: its program, driven over its page, its sandbox, its backup.
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

const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-golden-'))
const dataFolder = join(folder, 'data')
const sandbox = await startSandbox({ seed: 1, speed: 60, withPast: false, dataFile: join(folder, 'sandbox.json') })
// What the cluster will not do makes what fails, and what needs a person.
const proxy = await openCountingProxy(sandbox.url)
const example = parse(readFileSync(join(root, 'quarterdeck.yaml'), 'utf8')) as { approvals: object[] } // the example has some
const hasty = {
  name: 'hasty restarts',
  when: { environments: ['staging'], skills: ['restart'] },
  require: { count: 1, role: 'approver' },
  expires: '2s',
}
const settings = { ...example, approvals: [...example.approvals, hasty] }
const config = configFrom({
  ...settings,
  dataFolder,
  listen: { host: '127.0.0.1', port: 0 },
  cluster: { sandbox: proxy.url },
})
let program = await startProgram(config, 'all', silentLogger)

const as = (person: string) => WebPerson.enter(() => program.address ?? '', person)
const tell = (line: string) => void stdout.write(`${line}\n`)
async function lever(path: string, body: object): Promise<void> {
  await fetch(`${sandbox.url}/control/api/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

interface Said {
  readonly by: WebPerson
  readonly plan: SeenCard
}
async function say(text: string): Promise<Said> {
  const by = await as('mira')
  const first = await by.says(text)
  const plan = await by
    .sees((card) => card.operationId !== null, `an operation from "${text}"`, 10_000)
    .catch((error: unknown) => {
      tell(`${error}`)
      return first
    })
  tell(`${text}: ${plan.operationId ?? `no operation (${plan.card.title})`}`)
  return { by, plan }
}
const ends = async ({ by, plan }: Said) => void (await by.seesTheEnd(plan.operationId))
const holds = async ({ by, plan }: Said) =>
  void (await by.seesOperation(plan.operationId, ({ card }) => /hold/i.test(JSON.stringify(card)), 'that it holds'))
const click = async (who: string, { by, plan }: Said, label: string) => {
  const person = (await as(who)).in(by.thread)
  const card = await person.seesOperation(
    plan.operationId,
    ({ card }) => card.actions?.some((action) => action.label.startsWith(label)) ?? false,
    `the button ${label}`,
  )
  const reply = await person.clicks(card, label, { reason: 'for the golden store' })
  tell(`  ${who} ${label}: ${JSON.stringify(reply).slice(0, 160)}`)
}

// What has ended.
for (const text of [
  'scale cart to 4 in dev',
  'scale search to 2 in dev',
  'restart orders in dev',
  'restart inventory in dev',
  'scale cart to 3 in dev',
  'scale web to 2 in dev',
  'scale checkout to 3 in dev',
  'scale inventory to 3 in dev',
  'scale orders to 3 in staging',
  'restart checkout in dev',
  'scale web to 3 in dev',
  'restart payments in dev',
  'restart catalog in dev',
  'restart cart in dev',
  'scale catalog to 3 in dev',
  'deploy catalog 3.1.1 to dev',
  'lock search in dev for 8h',
  'dry run scale orders to 5 in dev',
])
  await ends(await say(text))
const broken = await say('deploy checkout 1.5.0 to staging')
await click('jonas', broken, 'Approve')
await ends(broken)
for (const service of ['cart', 'search', 'catalog']) {
  const said = await say(`scale ${service} to 7 in production`)
  await click('jonas', said, 'Reject')
  await ends(said)
}
for (const service of ['orders', 'inventory']) {
  const said = await say(`scale ${service} to 7 in production`)
  await click('mira', said, 'Cancel')
  await ends(said)
}
for (const service of ['cart', 'inventory']) await ends(await say(`restart ${service} in staging`))

// What the cluster refuses, and what it refuses to put back: fewer pods, so that the nodes have room for what follows.
for (const [service, count] of [
  ['web', 4],
  ['payments', 3],
  ['checkout', 4],
]) {
  proxy.watched.set(`shop-staging/${service}`, { refuses: () => true })
  await ends(await say(`scale ${service} to ${count} in staging`))
}
proxy.watched.clear()
for (const service of ['catalog', 'web']) {
  const said = await say(`scale ${service} to 2 in dev for 2h`)
  await holds(said)
  proxy.watched.set(`shop-dev/${service}`, { refuses: () => true })
  await click('mira', said, 'Cancel')
  await said.by.seesOperation(
    said.plan.operationId,
    ({ card }) => card.subtitle === 'Needs a person',
    'that it needs one',
  )
}
proxy.watched.clear()

// What has begun and goes on for hours, or cannot go on while the cluster stands still.
const held: Said[] = []
for (const service of ['orders', 'checkout', 'inventory', 'payments', 'cart'])
  held.push(await say(`scale ${service} to ${service === 'payments' ? 4 : 5} in dev for 2h`))
for (const said of held) await holds(said)
await new Promise((done) => setTimeout(done, 5_000))
await lever('pause', { paused: true })
for (const service of ['search', 'web', 'cart']) await say(`scale ${service} to 6 in staging`)
await new Promise((done) => setTimeout(done, 3_000))
await program.close()

// What nobody has worked on.
program = await startProgram(config, 'all', silentLogger, { takesJobs: false })
for (const said of held.slice(0, 2)) await click('mira', said, 'Cancel')
for (const service of ['orders', 'inventory']) await say(`scale ${service} to 6 in staging`)
for (const service of ['orders', 'inventory'])
  await click('jonas', await say(`scale ${service} to 8 in production`), 'Approve')
for (const service of ['cart', 'search', 'catalog']) await say(`scale ${service} to 9 in production`)
for (const service of ['web', 'payments']) await say(`restart ${service} in production`)
await say('deploy catalog 3.1.1 to staging')
await click('lena', await say('scale checkout to 0 in production'), 'Approve')
for (const [service, count] of [
  ['payments', 4],
  ['checkout', 5],
])
  await say(`please could you give ${service} ${count} pods in staging`)
await new Promise((done) => setTimeout(done, 2_000))
await program.close()
await proxy.close()
await sandbox.close()

mkdirSync(out, { recursive: true })
tell(await backup({ backend: 'pglite', folder: dataFolder }, silentLogger, join(resolve(out), 'store.backup.gz')))
copyFileSync(join(dataFolder, 'audit-heads.jsonl'), join(out, 'audit-heads.jsonl'))
writeFileSync(join(out, 'sandbox.json.gz'), gzipSync(readFileSync(join(folder, 'sandbox.json')), { level: 9 }))
writeFileSync(join(out, 'golden.json'), `${JSON.stringify({ at: new Date().toISOString(), settings }, null, 1)}\n`)
rmSync(folder, { recursive: true, force: true })
exit(0)
