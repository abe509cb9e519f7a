import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { readCatalogInfo } from './catalog/backstage.ts'
import { crossCheck } from './config/check.ts'
import type { Config } from './config/config.ts'
import { type ConfigDocument, readDocument } from './config/document.ts'
import { type Mistake, mistakesIn } from './config/mistakes.ts'
import { withEnvironment } from './config/overrides.ts'
import { type FileContent, fileSchema } from './config/schema.ts'
import { ConfigError, messageOf } from './errors.ts'
import type { PersonId } from './ids.ts'
import { SURFACES } from './person.ts'
import type { SecretReference } from './secrets.ts'

export type { Config } from './config/config.ts'

const DEFAULT_FILE = 'quarterdeck.yaml'

/**
 * Reads quarterdeck.yaml (or `file`, or what QUARTERDECK_CONFIG names) and the environment. Throws ConfigError: one sentence with the
 * key, the file, the line and what to write instead.
 */
export function loadConfig(options: { file?: string; env?: NodeJS.ProcessEnv } = {}): Config {
  const env = options.env ?? process.env
  const named = options.file ?? env.QUARTERDECK_CONFIG
  const file = resolve(named || DEFAULT_FILE)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new ConfigError(
      named
        ? `The configuration ${file} cannot be read (${messageOf(error)}): correct --config or QUARTERDECK_CONFIG.`
        : `There is no ${DEFAULT_FILE} in ${dirname(file)}: start Quarterdeck where it is, or name it in QUARTERDECK_CONFIG.`,
    )
  }
  const document = readDocument(basename(file), text)
  return withEnvironment(toConfig(parse(document.content, document), dirname(file), file), env)
}

/** The same from an object, for tests and for programs that embed this one; paths are seen from `folder`. The environment is not read. */
export function configFrom(content: unknown, folder = '.'): Config {
  return toConfig(parse(content, undefined), resolve(folder), undefined)
}

function parse(content: unknown, document: ConfigDocument | undefined): FileContent {
  const result = fileSchema.safeParse(content)
  const mistakes = result.success ? crossCheck(result.data) : mistakesIn(content, result.error.issues)
  if (mistakes.length > 0) throw new ConfigError(sentenceOf(mistakes, document))
  if (!result.success) throw new ConfigError(`The configuration cannot be read: ${result.error.message}`)
  return result.data
}

function sentenceOf(mistakes: readonly Mistake[], document: ConfigDocument | undefined): string {
  const [first] = mistakes
  if (!first) return ''
  const where = document ? `${document.file}, line ${document.lineOf(first.path, first.atKey)}` : 'The configuration'
  const rest = mistakes.length - 1
  return `${where}: ${first.says}${rest > 0 ? ` (and ${rest} more ${rest === 1 ? 'mistake' : 'mistakes'} after it)` : ''}.`
}

function toCluster(cluster: FileContent['cluster'], within: (name: string) => string): Config['cluster'] {
  if (cluster === 'sandbox') return { kind: 'sandbox' }
  if ('sandbox' in cluster) return { kind: 'sandbox', url: cluster.sandbox }
  return { kind: 'kubeconfig', path: within(cluster.kubeconfig) }
}

function toModel(model: FileContent['model']): Config['model'] {
  if (!model) return undefined
  const { url, name, key, timeout, tokensPerDay, price } = model
  // The schema lets nothing but references through.
  return { url, name, key: key as SecretReference | undefined, timeoutMs: timeout, tokensPerDay, price }
}

function toLogin(login: FileContent['login']): Config['login'] {
  // The schema lets nothing but references through.
  return (
    login && {
      ...login,
      clientSecret: login.clientSecret as SecretReference | undefined,
      address: new URL(login.address).origin,
    }
  )
}

function toConfig(file: FileContent, folder: string, path: string | undefined): Config {
  const within = (name: string) => resolve(folder, name.replace(/^~(?=\/)/, homedir()))
  return {
    file: path,
    listen: file.listen,
    dataFolder: within(file.dataFolder),
    store: file.store === 'embedded' ? { kind: 'embedded' } : { kind: 'postgres', url: file.store.url },
    queue: file.queue === 'store' ? { kind: 'store' } : { kind: 'redis', url: file.queue.redis },
    cluster: toCluster(file.cluster, within),
    sandbox: file.sandbox,
    environments: Object.entries(file.environments).map(([name, { mode: _, cluster, ...rest }]) => ({
      name,
      cluster: cluster ?? 'sandbox',
      ...rest,
    })),
    services: Object.entries(file.services).map(([name, service]) => ({
      name,
      aliases: service?.aliases ?? [],
      team: service?.team,
      owners: service?.owners ?? [],
      dependsOn: service?.dependsOn ?? [],
      channels: service?.channels ?? [],
      workload: service?.workload ?? name,
      container: service?.container,
      repository: service?.repository,
      environments: service?.environments ?? [],
      source: 'config',
    })),
    components: readCatalogInfo(file.catalogInfo, folder),
    people: Object.entries(file.people).map(([id, { name, email, timezone, accounts, roles }]) => ({
      id: id as PersonId, // the file is where person ids come from
      name,
      email,
      timezone,
      accounts: SURFACES.flatMap((surface) => (accounts[surface] ?? []).map((account) => ({ surface, id: account }))),
      grants: roles,
    })),
    rules: {
      approvals: file.approvals.map(({ name, when, require, expires, remind }) => ({
        name,
        when,
        require,
        expiresMs: expires,
        remindMs: remind?.after,
        remind: remind?.who ?? [],
      })),
      denies: file.denies,
      freezes: file.freezes,
      breakGlass: file.breakGlass && {
        reviewer: file.breakGlass.reviewer,
        reviewWithinMs: file.breakGlass.reviewWithin,
        validMs: file.breakGlass.valid,
      },
      planExpiresMs: file.planExpires,
    },
    modes: {
      everywhere: file.mode,
      scoped: Object.fromEntries(
        Object.entries(file.environments).flatMap(([name, { mode }]) => (mode ? [[name, mode]] : [])),
      ),
    },
    leaseMs: file.lease,
    drainMs: file.drain,
    keepMs: file.keep,
    registries: Object.entries(file.registries).map(([host, { password, ...rest }]) => ({
      host,
      ...rest,
      // The schema lets nothing but references through.
      password: password as SecretReference | undefined,
    })),
    model: toModel(file.model),
    login: toLogin(file.login),
    address: file.address ?? toLogin(file.login)?.address,
    // The schema lets nothing but references through.
    slack: file.slack as Config['slack'],
    teams: file.teams as Config['teams'],
    metrics: file.metrics,
    tracing: file.tracing,
    log: { level: file.log },
  }
}

/** The audit chain's exported head: outside the database, so that cutting the chain shows. */
export function auditHeadsFile(config: Config): string {
  return join(config.dataFolder, 'audit-heads.jsonl')
}

/** The names by which people and chat services reach the program. */
export function publicHosts({ address, login }: Config): string[] {
  return [address, login?.address].flatMap((url) => (url ? [new URL(url).hostname] : []))
}
