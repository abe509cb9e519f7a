import { basename } from 'node:path'
import { nearestWords } from './catalog/distance.ts'
import type { Config } from './config/config.ts'
import { ConfigError } from './errors.ts'
import { canonicalJson, sha256 } from './json.ts'
import type { Role } from './person.ts'
import type { Risk } from './plan.ts'

/** Which plans a rule speaks of; an absent list means all. */
export interface RuleScope {
  readonly environments?: readonly string[]
  /** Any environment marked protected in the catalog. */
  readonly protected?: boolean
  readonly skills?: readonly string[]
  readonly risks?: readonly Risk[]
  readonly services?: readonly string[]
}

export interface ApprovalRule {
  readonly name: string
  readonly when: RuleScope
  /** How many distinct persons, from which role. */
  readonly require: { readonly count: number; readonly role: Role }
  readonly expiresMs: number
  readonly remindMs: number | undefined
  /** Who is reminded besides those who may approve (person ids). */
  readonly remind: readonly string[]
}

export interface DenyRule {
  readonly name: string
  readonly when: RuleScope
  readonly because: string
}

/** A time in which changes wait. Either one span (ISO local times in `timezone`) or every week. */
export interface Freeze {
  readonly name: string
  readonly environments: readonly string[]
  readonly services?: readonly string[]
  readonly timezone: string
  readonly span?: { readonly from: string; readonly to: string }
  readonly weekly?: { readonly from: string; readonly to: string }
  readonly because: string
}

export interface BreakGlassRule {
  /** Who reviews afterwards (person id). */
  readonly reviewer: string
  readonly reviewWithinMs: number
  /** How long the plan may start after the glass was broken. */
  readonly validMs: number
}

/** All that the gate asks besides the person's rights and the desk's locks, modes and kill switch. */
export interface Policy {
  /** Hash of the content: part of every plan hash. */
  readonly version: string
  readonly approvals: readonly ApprovalRule[]
  readonly denies: readonly DenyRule[]
  readonly freezes: readonly Freeze[]
  readonly breakGlass: BreakGlassRule | undefined
  /** How long a plan without approvals waits for its requester's click. */
  readonly planExpiresMs: number
}

/**
 * The policy of a configuration. Its version also moves when an environment becomes protected or ceases to be. Throws ConfigError when a
 * rule names a skill that is not among `skills`.
 */
export function policyOf(
  config: Pick<Config, 'rules' | 'environments'> & { readonly file?: string | undefined },
  skills?: readonly { readonly name: string }[],
): Policy {
  if (skills) requireSkills(config, new Set(skills.map(({ name }) => name)))
  const guarded = config.environments.filter((environment) => environment.protected).map(({ name }) => name)
  // Plain data; the interfaces only lack the index signature.
  const content = JSON.parse(JSON.stringify({ rules: config.rules, guarded }))
  return { version: sha256(canonicalJson(content)), ...config.rules }
}

/** A rule about a skill that does not exist never speaks, and what it was to forbid would go through. */
function requireSkills(config: Parameters<typeof policyOf>[0], known: ReadonlySet<string>): void {
  const where = config.file ? basename(config.file) : 'The configuration'
  for (const kind of ['denies', 'approvals'] as const)
    for (const [index, { when }] of config.rules[kind].entries())
      for (const [at, skill] of (when.skills ?? []).entries()) {
        if (known.has(skill)) continue
        const [nearest] = nearestWords(skill, [...known], 1)
        throw new ConfigError(
          `${where}: ${kind}[${index}].when.skills[${at}] names the skill "${skill}", which does not exist; write ${nearest ? `"${nearest}" instead` : 'one of docs/skills.md'}.`,
        )
      }
}

/**
 * Rules that speak of a service which nobody has, one sentence each: such a deny rule or freeze never holds. Not an error at the start, since a
 * service may be learned from a cluster that does not answer just then.
 */
export function rulesForNobody(rules: Config['rules'], services: readonly { readonly name: string }[]): string[] {
  const known = services.map(({ name }) => name)
  const spoken = [
    ...(['denies', 'approvals'] as const).flatMap((kind) =>
      rules[kind].map(({ name, when }) => ({ where: kind, name, of: when.services ?? [] })),
    ),
    ...rules.freezes.map(({ name, services: of = [] }) => ({ where: 'freezes' as const, name, of })),
  ]
  return spoken.flatMap(({ where, name, of }) =>
    of
      .filter((service) => !known.includes(service))
      .map((service) => {
        const [nearest] = nearestWords(service, known, 1)
        return `${where} “${name}” speaks of the service "${service}", which nobody has${nearest ? `; did you mean "${nearest}"?` : ''}`
      }),
  )
}
