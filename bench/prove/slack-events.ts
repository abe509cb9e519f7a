import { emptyDatabase } from '../places.ts'
import { type Breach, type Findings, type ProveOptions, prover } from './prover.ts'
import { forgeOften, replayOften } from './slack/forge.ts'
import { openGate } from './slack/gate.ts'
import { interactOften } from './slack/interact.ts'
import { startPrograms } from './slack/programs.ts'
import { redeliver } from './slack/redeliver.ts'
import { Workspace } from './slack/workspace.ts'

const SIGNATURE = 'bot/slack/receive/signature.ts'
const MEMORY = 'bot/slack/receive/replay-memory.ts'
/** What catches a fault of the gate needs no programs behind it. */
const AT_THE_GATE = 3_000
const FEW = 60

export default prover({
  name: 'slack-events',
  proves:
    'nothing is taken that Slack did not sign just now, nothing twice that somebody captured, and what Slack delivers again has one effect',
  backends: ['pglite', 'postgres'],
  // Changed requests.
  runs: { long: 100_000, short: 3_000 },
  sabotages: [
    {
      name: 'signature-unread',
      breaks: 'Slack signed it',
      file: SIGNATURE,
      find: "return timingSafeEqual(right, Buffer.from(signature.slice(3), 'hex'))",
      replace: 'return right.length > 0',
      runs: FEW,
    },
    {
      name: 'signature-half-read',
      breaks: 'the whole signature is compared',
      file: SIGNATURE,
      find: "timingSafeEqual(right, Buffer.from(signature.slice(3), 'hex'))",
      replace: "timingSafeEqual(right.subarray(0, 16), Buffer.from(signature.slice(3), 'hex').subarray(0, 16))",
      runs: AT_THE_GATE,
    },
    {
      name: 'any-time',
      breaks: 'a signature is good for five minutes',
      file: SIGNATURE,
      find: 'if (Math.abs(now / 1_000 - Number(timestamp)) > WINDOW_S) return false',
      replace: '',
      runs: AT_THE_GATE,
    },
    {
      name: 'from-the-future',
      breaks: 'a signature is not good before its time',
      file: SIGNATURE,
      find: 'Math.abs(now / 1_000 - Number(timestamp))',
      replace: '(now / 1_000 - Number(timestamp))',
      runs: AT_THE_GATE,
    },
    {
      name: 'forgetful',
      breaks: 'a captured request is not taken again',
      file: 'bot/slack/receive/router.ts',
      find: 'if (!replays.isNew(signature, now))',
      replace: 'if (!replays)',
      runs: FEW,
    },
    {
      name: 'forgets-early',
      breaks: 'a signature is remembered for as long as it is valid',
      file: MEMORY,
      find: 'now + 2 * WINDOW_S * 1_000',
      replace: 'now + WINDOW_S * 1_000',
      runs: FEW,
    },
    {
      name: 'key-of-the-delivery',
      breaks: 'the same event is known by its key',
      file: 'bot/slack/listen/messages.ts',
      find: '...where, threadKey, key: ',
      replace: '...where, threadKey, key: Math.random() + ',
      runs: FEW,
    },
    {
      name: 'key-of-the-click',
      breaks: 'the same click is known by its key',
      file: 'bot/slack/listen/clicks.ts',
      find: 'const key = [action.action_ts,',
      replace: 'const key = [Math.random(), action.action_ts,',
      runs: FEW,
    },
    {
      name: 'key-of-the-dialog',
      breaks: 'the same dialog is known by its key',
      file: 'bot/slack/listen/shortcut.ts',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the code that is changed is a template
      find: 'key: `${team}:view:',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: so is what it becomes
      replace: 'key: `${team}:view:${Math.random()}',
      runs: FEW,
    },
  ],
  async prove(options): Promise<Findings> {
    const { short, say, sabotage, backend } = options
    const breaches: Breach[] = []
    // What is left after that would only take time.
    const isSeen = () => sabotage !== undefined && breaches.length > 0
    const gate = await openGate()
    const tried: Record<string, number> = {}
    try {
      for (const attack of [forgeOften, replayOften]) {
        const found = await attack(gate, options)
        Object.assign(tried, found.tried)
        breaches.push(...found.breaches)
        if (isSeen()) return { tried, breaches }
      }
    } finally {
      await gate.close()
    }
    const began = performance.now()
    const few = short || sabotage !== undefined
    const delivered = await deliver(options, few ? 100 : 10_000, few ? 25 : 1_000)
    say(`On ${backend} that took ${Math.round((performance.now() - began) / 1_000)} s.`)
    return { tried: { ...tried, ...delivered.tried }, breaches: [...breaches, ...delivered.breaches] }
  },
})

/** Two programs share a database of a server; the embedded store has one. */
async function deliver(options: ProveOptions, events: number, interactions: number) {
  const ends: (() => Promise<unknown>)[] = []
  try {
    const workspace = await Workspace.open()
    ends.push(() => workspace.close())
    const database = options.backend === 'pglite' ? undefined : await emptyDatabase()
    if (database) ends.push(database.drop)
    const store = database ? { url: database.url } : 'embedded'
    const programs = await startPrograms({ workspace, store }, database ? 2 : 1)
    ends.push(programs.close)
    const said = await redeliver(workspace, programs.addresses, events, options)
    const clicked = await interactOften(workspace, programs.addresses, interactions, options)
    return { tried: { ...said.tried, ...clicked.tried }, breaches: [...said.breaches, ...clicked.breaches] }
  } finally {
    for (const end of ends.reverse()) await end()
  }
}
