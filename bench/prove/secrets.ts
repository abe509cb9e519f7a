import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSandboxProcess } from '../../clients/sandbox/process.ts'
import { silentLogger } from '../../core/ports/logger.ts'
import { layOutShop } from './frame/prepared.ts'
import { type Breach, prover } from './prover.ts'
import { canariesIn, hatch, IN_POD_LOGS, type Secret } from './secrets/canaries.ts'
import { gather } from './secrets/dump.ts'
import { PASTED, travel } from './secrets/journey.ts'
import { AILMENTS, openOutside } from './secrets/outside.ts'
import { prepare } from './secrets/places.ts'
import { startChild } from './secrets/program.ts'
import { openChat } from './surfaces/open.ts'

/** Who asks, and who decides. */
const PEOPLE = ['mira', 'jonas']

export default prover({
  name: 'secrets',
  proves:
    'no secret of the environment, the configuration or other systems reaches logs, store, queue, cards or prompts',
  backends: ['pglite', 'postgres', 'redis'],
  // Ways in which everything outside fails.
  runs: { long: AILMENTS.length, short: 3 },
  overChat: { short: 1 },
  sabotages: [
    {
      name: 'log-as-it-comes',
      breaks: 'no secret in the log',
      file: 'core/logger.ts',
      find: 'lines.write(redact(line))',
      replace: 'lines.write(line)',
      runs: 1,
    },
    {
      name: 'shapes-unknown',
      breaks: 'what looks like a secret is struck out',
      file: 'core/secret-shapes.ts',
      find: 'if (!MAYBE.test(text)) return text',
      replace: 'if (text) return text',
      runs: 1,
    },
    {
      name: 'pod-logs-as-they-come',
      breaks: 'no secret of a pod log on a card',
      file: 'clients/kubernetes/logs.ts',
      find: 'const clean = redactLines(lines.map((line) => line.text))',
      replace: 'const clean = lines.map((line) => line.text)',
      // A card is read once more before it is stored.
      also: {
        file: 'db/deliveries.ts',
        find: 'visibleCard(withoutSecrets(delivery.card))',
        replace: 'visibleCard(delivery.card)',
      },
      runs: 1,
    },
    {
      name: 'prompt-as-it-is-said',
      breaks: 'no secret in a prompt',
      file: 'bot/understand/language-model/model-reader.ts',
      find: 'return redact(',
      replace: 'return String(',
      runs: 1,
    },
    {
      name: 'told-secrets-forgotten',
      breaks: 'no secret of the configuration anywhere',
      file: 'core/secrets.ts',
      find: 'known = [...known, ...fresh]',
      replace: 'known = [...known]',
      runs: 1,
    },
    {
      name: 'said-is-kept',
      breaks: 'no pasted secret in the store',
      file: 'bot/conversation/store-message.ts',
      find: 'shortened(redact(message.text))',
      replace: 'shortened(message.text)',
      runs: 1,
    },
  ],
  async prove({ seed, backend, surface, runs, say, sabotage }) {
    const canaries = hatch(seed)
    const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-secrets-world-'))
    const ends: (() => unknown)[] = [
      () => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }),
    ]
    try {
      await layOutShop(folder)
      const sandbox = await startSandboxProcess({ folder, seed: 1, speed: 10, port: 0, log: silentLogger })
      ends.push(() => sandbox.close())
      const outside = await openOutside(sandbox.url, canaries)
      ends.push(() => outside.close())
      const chat = surface && (await openChat(surface, PEOPLE))
      if (chat) ends.push(() => chat.close())
      const prepared = await prepare(backend, outside.url, canaries, chat)
      ends.push(
        () => rmSync(prepared.folder, { recursive: true, force: true }),
        () => prepared.drop(),
      )
      const program = await startChild(prepared.env)
      ends.push(() => program.end())
      const { sentences, seen } = await travel(program.address, outside, prepared.cookieOf, {
        ailments: runs,
        pasted: canaries.pasted,
        // Every fault is met by the first few sentences.
        brief: sabotage !== undefined,
        ...(chat && { chat }),
      })
      await program.end()
      const remains = await gather(prepared)
      const places = new Map([
        ...remains,
        ['log', program.lines.join('\n')],
        ['answers and cards', seen.join('\n')],
        ['prompts', outside.prompts.join('\n')],
      ])
      const all = [...canaries.all, ...(chat?.secrets() ?? [])]
      const breaches = [...places].flatMap(([place, text]) => leaks(place, text, all))
      if (!outside.prompts.some((prompt) => prompt.includes(PASTED)))
        throw new Error('The language model was never asked about what was pasted, so nothing was shown about prompts.')
      if (!seen.some((text) => text.includes(IN_POD_LOGS)))
        throw new Error('No pod log came to a card, so nothing was shown about them.')
      say(`${sentences} sentences, ${places.size} places looked through`)
      return {
        tried: { canaries: all.length, sentences, places: places.size, prompts: outside.prompts.length },
        breaches,
      }
    } finally {
      for (const end of ends.reverse()) await end()
    }
  },
})

function leaks(place: string, text: string, canaries: readonly Secret[]): Breach[] {
  return canariesIn(text, canaries).map(({ name, value }) => {
    const at = text.indexOf(value.slice(0, 12))
    return {
      promise: 'secrets stay where they are',
      what: `${name} is in ${place}: …${text.slice(Math.max(0, at - 80), at + 60)}…`,
    }
  })
}
