import { type Random, randomFrom } from '../frame/random.ts'

/** Must stay where it was put. `value` is looked for everywhere. */
export interface Secret {
  readonly name: string
  readonly value: string
}

/** A secret that we put there; `line` is how it stands in somebody's output. */
export interface Canary extends Secret {
  readonly line: string
}

const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789'
const code = (random: Random, length: number, alphabet = ALPHABET) =>
  Array.from({ length }, () => alphabet[random.below(alphabet.length)]).join('')

/** What is told to the program, by where it stands. Its shape says nothing: only whoever knows it can strike it out. */
export const TOLD = [
  'model key',
  'registry user',
  'registry password',
  'kubeconfig token',
  'login secret',
  'session secret',
  'store password',
  'queue password',
] as const
export type ToldName = (typeof TOLD)[number]

/** Variables of the environment that nobody refers to. */
const VARIABLES = [
  'AWS_SECRET_ACCESS_KEY',
  'GITHUB_TOKEN',
  'PGPASSWORD_OLD',
  'VAULT_TOKEN',
  'NPM_TOKEN',
  'SLACK_BOT_TOKEN',
  'OPENAI_ADMIN',
  'KUBE_ADMIN',
  'SMTP_PASSWORD',
  'STRIPE_KEY',
  'DATADOG_KEY',
  'SENTRY_DSN_SECRET',
] as const

/** How secrets stand in other people's output: nobody told us these, only their shape gives them away. */
const SHAPES: readonly (readonly [
  string,
  (code: (length: number) => string) => readonly [value: string, line: string],
])[] = [
  ['password=', (c) => both(c(14), (v) => `login failed password=${v} user=root`)],
  ['PASSWORD:', (c) => both(`${c(9)}7`, (v) => `DB_PASSWORD: ${v}`)],
  ['JSON password', (c) => both(c(16), (v) => `{"user":"root","password":"${v}","ok":false}`)],
  ['bearer', (c) => both(c(32), (v) => `GET /v1/me Authorization: Bearer ${v}`)],
  ['basic', (c) => both(Buffer.from(`root:${c(16)}`).toString('base64'), (v) => `authorization: Basic ${v}`)],
  ['url', (c) => both(c(15), (v) => `cannot reach postgres://shop:${v}@db.shop:5432/shop`)],
  ['api_key', (c) => both(c(24), (v) => `using api_key=${v}&region=eu`)],
  ['client secret', (c) => both(c(20), (v) => `client_secret: "${v}"`)],
  ['token', (c) => both(`${c(18)}4`, (v) => `X-Auth-Token: ${v}`)],
  ['JWT', (c) => both(`eyJ${c(20)}.eyJ${c(30)}.${c(24)}`, (v) => `session ${v} is over`)],
  ['AWS id', (c) => both(`AKIA${c(16).toUpperCase()}`, (v) => `signing with ${v}`)],
  ['GitHub', (c) => both(`ghp_${c(36)}`, (v) => `remote: ${v}`)],
  ['Slack', (c) => both(`xoxb-${c(12)}-${c(24)}`, (v) => `posting as ${v}`)],
  ['OpenAI', (c) => both(`sk-${c(40)}`, (v) => `Incorrect API key provided: ${v}`)],
  ['GitLab', (c) => both(`glpat-${c(20)}`, (v) => `clone with ${v}`)],
  ['PEM', (c) => both(c(48), (v) => `-----BEGIN PRIVATE KEY-----\n${v}\n-----END PRIVATE KEY-----`)],
]
const both = (value: string, line: (value: string) => string) => [value, line(value)] as const

/** Stands in the pod logs and nowhere else. */
export const IN_POD_LOGS = 'clone with'

/** Over fifty of them, the same for the same seed. */
export function hatch(seed: number) {
  const random = randomFrom(seed)
  const make = (length: number) => code(random, length)
  const told = new Map<ToldName, Canary>()
  for (const name of TOLD) {
    const value = `Cn${make(30)}`
    told.set(name, { name, value, line: value })
  }
  const variables = VARIABLES.map((name): Canary => {
    const value = `Ev${make(30)}`
    return { name, value, line: value }
  })
  const shaped = (where: string, from: number, to: number) =>
    SHAPES.slice(from, to).map(([name, shape]): Canary => {
      const [value, line] = shape(make)
      return { name: `${name} in ${where}`, value, line }
    })
  const logs = shaped('pod logs', 0, SHAPES.length)
  const cluster = shaped('answers of the cluster', 0, 5)
  const registry = shaped('answers of the registry', 5, 10)
  const model = shaped('answers of the model', 10, 14)
  const pasted = shaped('what somebody pasted', 0, 3)
  const all = [...told.values(), ...variables, ...logs, ...cluster, ...registry, ...model, ...pasted]
  return { told, variables, logs, cluster, registry, model, pasted, all }
}
export type Canaries = ReturnType<typeof hatch>

export const toldValue = ({ told }: Canaries, name: ToldName): string => told.get(name)?.value ?? ''

/** Which of them stand in a text: whole, or so much of one that the rest can be guessed. */
export function canariesIn(text: string, all: readonly Secret[]): Secret[] {
  return all.filter(({ value }) => text.includes(value.slice(0, Math.max(12, value.length - 6))))
}
