import type { CatalogEnvironment, CatalogService } from '../catalog/catalog.ts'
import type { Person } from '../person.ts'
import type { Policy } from '../policy.ts'
import type { Mode } from '../ports/desk.ts'
import type { SecretReference } from '../secrets.ts'

/** The whole configuration: checked, defaults filled in, paths absolute, secrets still references. */
export interface Config {
  /** Absolute path of the file it came from; absent when it was given as an object. */
  readonly file: string | undefined
  readonly listen: { readonly host: string; readonly port: number }
  readonly dataFolder: string
  readonly store: { readonly kind: 'embedded' } | { readonly kind: 'postgres'; readonly url: SecretReference | string }
  readonly queue: { readonly kind: 'store' } | { readonly kind: 'redis'; readonly url: SecretReference | string }
  /** A sandbox with a `url` is run by somebody else, and shared by processes; without one the program runs its own. */
  readonly cluster:
    | { readonly kind: 'sandbox'; readonly url?: string }
    | { readonly kind: 'kubeconfig'; readonly path: string }
  readonly sandbox: { readonly seed: number; readonly speed: number; readonly port: number }
  readonly environments: readonly CatalogEnvironment[]
  /** Services of the file; those of Backstage files are in `components`. */
  readonly services: readonly CatalogService[]
  readonly components: readonly CatalogService[]
  readonly people: readonly Omit<Person, 'active'>[]
  readonly rules: Omit<Policy, 'version'>
  readonly modes: { readonly everywhere: Mode; readonly scoped: Readonly<Record<string, Mode>> }
  /** How long a worker that gives no sign of life keeps its work. */
  readonly leaseMs: number
  /** After SIGTERM: for how long the program says that it is about to end before it hears nobody any more. Absent: not at all. */
  readonly drainMs: number | undefined
  /** How long conversations and cards are kept that nothing depends on any more. */
  readonly keepMs: number
  readonly registries: readonly RegistryConfig[]
  /** Absent: what the local reader cannot read is asked back. */
  readonly model: ModelConfig | undefined
  /** Who opens the page signs in there. Absent: the person switcher, on loopback with the sandbox only. */
  readonly login: LoginConfig | undefined
  /** Where the program is reached from outside; the login's address where only that is named. */
  readonly address: string | undefined
  readonly slack: SlackConfig | undefined
  readonly teams: TeamsConfig | undefined
  /** Where metrics and health are asked for, apart from the page. Absent: at the page's address; a worker then answers nobody. */
  readonly metrics: { readonly host: string; readonly port: number } | undefined
  /** Where traces go, as OTLP over HTTP. Absent: none are made. */
  readonly tracing: { readonly url: string } | undefined
  readonly log: { readonly level: 'debug' | 'info' | 'warn' | 'error' }
}

export interface LoginConfig {
  /** The OpenID provider; its metadata are at `/.well-known/openid-configuration` under it. */
  readonly issuer: string
  readonly clientId: string
  /** Absent for a public client: PKCE alone. */
  readonly clientSecret: SecretReference | undefined
  /** Where people open the page, without a path: `https://quarterdeck.example.com`. */
  readonly address: string
}

export interface SlackConfig {
  /** Of events over HTTP. Absent with Socket Mode alone. */
  readonly signingSecret: SecretReference | undefined
  /** Of the one workspace. Absent where several install the app. */
  readonly botToken: SecretReference | undefined
  /** Socket Mode. */
  readonly appToken: SecretReference | undefined
  /** OAuth installation by several workspaces; `seal` encrypts their tokens in the store. */
  readonly install:
    | {
        readonly clientId: string
        readonly clientSecret: SecretReference
        readonly seal: SecretReference
        /** The workspaces that may install it besides `home`. */
        readonly teams: readonly string[]
      }
    | undefined
  /** The workspace whose user ids are account ids as they are; those of others are `T…/U…`. */
  readonly home: string | undefined
  readonly api: string
}

export interface TeamsConfig {
  readonly appId: string
  readonly appPassword: SecretReference
  /** Tenant ids in lower case. */
  readonly tenants: readonly string[]
  readonly metadata: string
  readonly login: string
}

export interface RegistryConfig {
  /** As it stands in image names. */
  readonly host: string
  readonly url: string
  /** References, or a plain user name. */
  readonly username?: string
  readonly password?: SecretReference
}

export interface ModelConfig {
  readonly url: string
  readonly name: string
  readonly key: SecretReference | undefined
  readonly timeoutMs: number
  readonly tokensPerDay: number
  /** USD for a million tokens. */
  readonly price: { readonly input: number; readonly output: number } | undefined
}
