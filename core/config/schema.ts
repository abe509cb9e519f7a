import { z } from 'zod'
import { MODES } from '../ports/desk.ts'
import { environment, registry, service } from './catalog-schema.ts'
import { address, slack, teams } from './chat-schema.ts'
import { login } from './login-schema.ts'
import { model } from './model-schema.ts'
import { duration, name, port, sandboxUrl, urlOrSecret, wordList, words } from './parts.ts'
import { people } from './people-schema.ts'
import { approval, breakGlass, deny, freeze } from './policy-schema.ts'
import { metrics, tracing } from './watch-schema.ts'

/** What quarterdeck.yaml may say. */
export const fileSchema = z
  .strictObject({
    listen: z
      .strictObject({ host: words.default('127.0.0.1'), port: port.default(8321) })
      .prefault({})
      .describe('where the web page and the API listen, like { host: 127.0.0.1, port: 8321 }'),
    dataFolder: words.default('.data').describe('a folder for the embedded store, its snapshots and the audit heads'),
    store: z
      .union([z.literal('embedded'), z.strictObject({ url: urlOrSecret(['postgres:', 'postgresql:']) })])
      .default('embedded')
      .describe('embedded, or { url: env:DATABASE_URL } for PostgreSQL'),
    queue: z
      .union([z.literal('store'), z.strictObject({ redis: urlOrSecret(['redis:', 'rediss:']) })])
      .default('store')
      .describe('store (the queue lives in the store), or { redis: env:REDIS_URL }'),
    cluster: z
      .union([z.literal('sandbox'), z.strictObject({ sandbox: sandboxUrl }), z.strictObject({ kubeconfig: words })])
      .default('sandbox')
      .describe(
        'sandbox, { sandbox: http://127.0.0.1:8001 } for one that runs by itself, or { kubeconfig: ~/.kube/config }',
      ),
    sandbox: z
      .strictObject({
        seed: z.number().int().min(0).default(1).describe('a whole number; the same seed is the same world'),
        speed: z.number().positive().max(1000).default(1).describe('how fast its time runs, like 1 or 10'),
        port: port.default(0),
      })
      .prefault({})
      .describe('the simulated cluster, like { seed: 1, speed: 1, port: 0 }'),
    environments: z
      .record(name, environment)
      .refine((all) => Object.keys(all).length > 0)
      .describe('at least one environment by name, like staging: { namespace: shop-staging }'),
    services: z
      .record(name, service.nullable())
      .default({})
      .describe('services by name, like checkout: { team: shop }'),
    catalogInfo: wordList.default([]).describe('Backstage files, like [services/*/catalog-info.yaml]'),
    people,
    approvals: z.array(approval).default([]).describe('a list of approval rules'),
    denies: z.array(deny).default([]).describe('a list of rules that refuse'),
    freezes: z.array(freeze).default([]).describe('a list of times in which changes wait'),
    breakGlass: breakGlass.optional(),
    planExpires: duration.default(3_600_000),
    mode: z.enum(MODES).default('review').describe('read-only, suggest, review or autonomous'),
    lease: duration
      .refine((ms) => ms >= 3_000 && ms <= 600_000)
      .default(30_000)
      .describe(
        'how long a worker without a sign of life keeps its work before another takes it over, between 3 s and 10 minutes, like 30s',
      ),
    drain: z
      .union([z.literal('0s').transform(() => 0), duration.refine((ms) => ms <= 300_000)])
      .optional()
      .describe(
        'how long a program that is asked to end says so before it closes its doors, 5 minutes at most, like 5s',
      ),
    keep: duration
      .refine((ms) => ms >= 7 * 86_400_000)
      .default(90 * 86_400_000)
      .describe('how long conversations and cards are kept that nothing depends on any more, 7d or more, like 90d'),
    registries: z
      .record(words, registry)
      .default({})
      .describe('image registries by host, like registry.example.com: { url: https://registry.example.com }'),
    model: model.optional(),
    login: login.optional(),
    address: address.optional(),
    slack: slack.optional(),
    teams: teams.optional(),
    metrics: metrics.optional(),
    tracing: tracing.optional(),
    log: z
      .enum(['debug', 'info', 'warn', 'error'])
      .default('info')
      .describe('how much is logged: debug, info, warn or error'),
  })
  .describe('the configuration of Quarterdeck')

export type FileContent = z.output<typeof fileSchema>

/** The JSON Schema of the file, for editors (`npm run config:schema` writes it). */
export function configJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(fileSchema, { io: 'input', unrepresentable: 'any' })
  return { ...schema, title: 'Quarterdeck configuration (quarterdeck.yaml)' }
}
