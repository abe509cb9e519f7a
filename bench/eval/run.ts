import { argv, exit, stderr, stdout } from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { ConfigError, UserError } from '../../core/errors.ts'
import { resolveSecret } from '../../core/secrets.ts'
import { evaluate } from './evaluate.ts'
import { createEvalReader } from './reading.ts'
import { showEvaluation } from './show.ts'

const USAGE = `npm run eval -- --model NAME [--url URL] [--key env:NAME] [--file TEST.jsonl …] [--alone] [--limit N]
                [--side-by-side N] [--timeout SECONDS] [--price IN,OUT] [--misses] [--json]

Reads the understanding test (bench/understand/) as the program would with this model, and prints how much of it is right, what it cost and
how long it took. URL is any endpoint that speaks OpenAI's chat completions; the default is https://api.openai.com/v1. --alone lets the
model read every line, not only what the local reader is not sure of. --price is USD for a million tokens.
`
const TEST = ['requests', 'unclear', 'no-requests', 'languages'].map((name) =>
  fileURLToPath(new URL(`../understand/${name}.jsonl`, import.meta.url)),
)

async function run(words: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      model: { type: 'string' },
      url: { type: 'string', default: 'https://api.openai.com/v1' },
      key: { type: 'string' },
      file: { type: 'string', multiple: true },
      alone: { type: 'boolean', default: false },
      limit: { type: 'string' },
      'side-by-side': { type: 'string', default: '4' },
      timeout: { type: 'string', default: '8' },
      price: { type: 'string' },
      misses: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  const { model, url, key } = values
  if (!model) throw new UserError(`Which model? Name one:\n\n${USAGE}`)
  if (!URL.canParse(url)) throw new UserError(`"${url}" is no address; write one like http://127.0.0.1:11434/v1.`)
  if (key && !/^(?:env|file):/.test(key))
    throw new UserError('--key takes a reference like env:MODEL_KEY, never the key itself.')
  const reader = await createEvalReader({
    config: {
      url,
      name: model,
      timeoutMs: positive('--timeout', values.timeout) * 1_000,
      tokensPerDay: Number.MAX_SAFE_INTEGER,
      price: priceOf(values.price),
    },
    key: () => (key ? resolveSecret(key) : undefined),
    alone: values.alone,
  })
  const limit = values.limit === undefined ? undefined : positive('--limit', values.limit)
  const sideBySide = Math.min(8, positive('--side-by-side', values['side-by-side']))
  const evaluation = await evaluate({ files: values.file ?? TEST, reader, sideBySide, limit })
  const { files, spent } = evaluation
  const json = {
    model,
    url,
    alone: values.alone,
    files: files.map(({ name, tally, skills }) => ({ name, ...tally, skills: Object.fromEntries(skills) })),
    spent,
  }
  if (values.json) stdout.write(`${JSON.stringify(json)}\n`)
  else for (const line of showEvaluation(evaluation, values.misses)) stdout.write(`${line}\n`)
  // A model that never answered was not measured.
  return spent.calls > 0 && spent.failed === spent.calls ? 1 : 0
}

function positive(name: string, text: string): number {
  const number = Number(text)
  if (Number.isFinite(number) && number > 0) return number
  throw new UserError(`${name} is "${text}"; write a number above 0.`)
}

function priceOf(text: string | undefined): { input: number; output: number } | undefined {
  if (text === undefined) return undefined
  const [input = Number.NaN, output = Number.NaN] = text.split(',').map(Number)
  if (Number.isFinite(input) && Number.isFinite(output)) return { input, output }
  throw new UserError(`--price is "${text}"; write two numbers like 0.25,2 (USD for a million tokens in and out).`)
}

try {
  exit(await run(argv.slice(2)))
} catch (error) {
  const expected = error instanceof UserError || error instanceof ConfigError
  stderr.write(
    `${expected ? error.message : error instanceof TypeError ? `${error.message}\n\n${USAGE}` : String(error)}\n`,
  )
  exit(2)
}
