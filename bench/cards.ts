import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parse, stringify } from 'yaml'
import { startProgram } from './processes.ts'
import type { Chat, ShownCard } from './prove/surfaces/chat.ts'
import { openSlack } from './prove/surfaces/slack.ts'
import { openTeams } from './prove/surfaces/teams.ts'
import { type BenchOptions, below, spread } from './report.ts'

const EXAMPLE = join(import.meta.dirname, '../quarterdeck.yaml')
/** Not those of an autoscaler, which may have as many as are asked for. */
const SERVICES = ['cart', 'checkout', 'inventory', 'orders', 'payments']
const CHANNEL = '19:changes@thread.tacv2'
/** The subtitle of a plan that nobody has decided on. */
const WAITS = 'Waiting for approval'
const LOOK_EVERY_MS = 10
const PATIENCE_MS = 60_000
const BAR_MS = 2_000

/**
 * The real program in Slack and in Teams at once: a change is asked for in Slack and stands in both; somebody decides on one of them. How long until
 * both cards say so, from the press on, and whether they say the same.
 */
export default async function cards({ short, say }: BenchOptions) {
  const ends: (() => unknown)[] = []
  try {
    const { slack, teams, address } = await openBoth(ends)
    const subscribing = await teams.saying('lena', 'subscribe production', { place: `${CHANNEL};messageid=1` })
    if (!(await subscribing.send(address))) throw new Error('Nobody in Teams could be heard.')
    await until('the channel hears of production', async () => (await teams.cardsIn(subscribing.place)).length > 0)
    const services = short ? SERVICES.slice(0, 2) : SERVICES
    const took: Took[] = []
    for (const verb of ['reject', 'approve'] as const)
      for (const [index, service] of services.entries()) {
        // Every other time where it was asked for, and else in the other service.
        const pressed = index % 2 ? 'slack' : 'teams'
        took.push(await decideOn({ slack, teams, address }, { service, verb, pressed }))
      }
    const hereMs = spread(took.map(({ here }) => here))
    const thereMs = spread(took.map(({ there }) => there))
    say(`the card that was pressed says who decided: ${JSON.stringify(hereMs)} ms after the press`)
    say(`the card in the other service says so: ${JSON.stringify(thereMs)} ms after the press`)
    const bars = [
      below('p95 until the card that was pressed tells the decision', hereMs.p95, BAR_MS),
      below('p95 until the card in the other service tells it', thereMs.p95, BAR_MS),
    ]
    return { bars, detail: { hereMs, thereMs }, skipped: [] }
  } finally {
    for (const end of ends.reverse()) await end()
  }
}

interface Both {
  readonly slack: Chat
  readonly teams: Chat
  /** Where the program hears both. */
  readonly address: string
}

/** Milliseconds from the press until a card tells of it: the one that was pressed, and the one in the other service. */
interface Took {
  readonly here: number
  readonly there: number
}

/** Asks for a change in Slack and decides on it where it says. */
async function decideOn(
  { slack, teams, address }: Both,
  { service, verb, pressed }: { service: string; verb: 'approve' | 'reject'; pressed: 'slack' | 'teams' },
): Promise<Took> {
  const asked = await slack.saying('mira', `scale ${service} to 7 in production`)
  if (!(await asked.send(address))) throw new Error('Nobody in Slack could be heard.')
  const open = () => bothOpen(slack, teams, asked.place, service)
  const both = await until(`both show what waits for ${service}`, open)
  const chats = { slack: [slack, both.inSlack], teams: [teams, both.inTeams] } as const
  const [chat, card] = chats[pressed]
  const press = await chat.press('lena', card, verb, address, 'too late in the evening')
  if (!press) throw new Error(`There is nothing to press for ${service} in ${chat.name}: ${card.words}`)
  const pressedAt = performance.now()
  const sent = press.send(address)
  const told = async ([shown, before]: readonly [Chat, ShownCard]) => {
    await until(`${shown.name} says how it was decided on ${service}`, async () => {
      const now = (await shown.cardsIn(before.place)).find(({ ref }) => ref === before.ref)
      return now && !now.words.includes(WAITS) && (verb === 'approve' || /\brejected\b/i.test(now.words))
    })
    return performance.now() - pressedAt
  }
  const [here, there] = await Promise.all([told(chats[pressed]), told(chats[pressed === 'slack' ? 'teams' : 'slack'])])
  await sent
  return { here, there }
}

/** Slack with one who asks, Teams with one who decides and is in Slack too, and the program in both. */
async function openBoth(ends: (() => unknown)[]) {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-cards-'))
  ends.push(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }))
  const slack = await openSlack(['mira', 'lena'])
  ends.push(() => slack.close())
  const teams = await openTeams(['lena'])
  ends.push(() => teams.close())
  const example = parse(await readFile(EXAMPLE, 'utf8'))
  const { mira, lena } = example.people
  mira.accounts.slack = slack.accountOf('mira').id
  lena.accounts.slack = slack.accountOf('lena').id
  lena.accounts.teams = teams.accountOf('lena').id
  const file = join(folder, 'quarterdeck.yaml')
  await writeFile(file, stringify({ ...example, ...slack.config, ...teams.config, log: 'warn' }))
  // What the two put into the environment for the program, which is not handed everything.
  const secrets = Object.entries(process.env).filter(([name]) => name.startsWith('QUARTERDECK_PROVE_'))
  const program = await startProgram('all', {
    ...Object.fromEntries(secrets.map(([name, value]) => [name, value ?? ''])),
    QUARTERDECK_CONFIG: file,
    QUARTERDECK_LISTEN: '127.0.0.1:0',
    QUARTERDECK_DATA: join(folder, 'data'),
  })
  ends.push(program.stop)
  return { slack, teams, address: program.address ?? '' }
}

/** The two cards of a change, when both may be decided on. */
async function bothOpen(slack: Chat, teams: Chat, place: string, service: string) {
  const waits = ({ words }: ShownCard) => words.includes(service) && words.includes(WAITS)
  const inSlack = (await slack.cardsIn(place)).find(waits)
  const inTeams = (await teams.all()).find(waits)
  return inSlack && inTeams && { inSlack, inTeams }
}

async function until<Seen>(what: string, look: () => Promise<Seen | undefined | false>): Promise<Seen> {
  const began = performance.now()
  for (;;) {
    const seen = await look()
    if (seen) return seen
    if (performance.now() - began > PATIENCE_MS) throw new Error(`Not within ${PATIENCE_MS / 1_000} s: ${what}.`)
    await pause(LOOK_EVERY_MS)
  }
}
