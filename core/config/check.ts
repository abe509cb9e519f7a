import { nearestWords } from '../catalog/distance.ts'
import type { Mistake } from './mistakes.ts'
import type { FileContent } from './schema.ts'

/** What the parts of the file say of each other: names that exist nowhere, and names that mean two things. */
export function crossCheck(file: FileContent): Mistake[] {
  return [...checkCatalog(file), ...checkPeople(file), ...checkPolicy(file)]
}

function* checkCatalog(file: FileContent): Generator<Mistake> {
  const environments = Object.keys(file.environments)
  const services = Object.keys(file.services)
  yield* checkWords('environments', file.environments)
  yield* checkWords('services', file.services)
  for (const [name, environment] of Object.entries(file.environments))
    if (!environment.cluster && typeof file.cluster === 'object' && 'kubeconfig' in file.cluster)
      yield {
        path: ['environments', name, 'cluster'],
        says: `environments.${name}.cluster is missing; write the kubeconfig context to use for it, like production-eu`,
      }
  for (const [name, service] of Object.entries(file.services)) {
    yield* known(['services', name, 'environments'], service?.environments, environments, 'environment')
    // Backstage files may name more services than this one.
    if (file.catalogInfo.length === 0)
      yield* known(['services', name, 'dependsOn'], service?.dependsOn, services, 'service')
  }
}

/** A word that means two things can never be understood. */
function* checkWords(kind: string, things: Record<string, { aliases: string[] } | null>): Generator<Mistake> {
  const seen = new Map(Object.keys(things).map((name) => [name, name]))
  for (const [name, thing] of Object.entries(things))
    for (const [index, alias] of (thing?.aliases ?? []).entries()) {
      const other = seen.get(alias.toLowerCase())
      if (other !== undefined && other !== name)
        yield {
          path: [kind, name, 'aliases', index],
          says: `${kind}.${name}.aliases names "${alias}", which already means ${other}; write another word`,
        }
      seen.set(alias.toLowerCase(), name)
    }
}

function* checkPeople(file: FileContent): Generator<Mistake> {
  const environments = Object.keys(file.environments)
  const owners = new Map<string, string>()
  for (const [id, person] of Object.entries(file.people)) {
    for (const [index, role] of person.roles.entries())
      yield* known(
        ['people', id, 'roles', index, 'environments'],
        role.environments,
        ['*', ...environments],
        'environment',
      )
    for (const [surface, ids] of Object.entries(person.accounts))
      for (const account of ids ?? []) {
        const other = owners.get(`${surface}:${account}`)
        if (other)
          yield {
            path: ['people', id, 'accounts', surface],
            says: `people.${id}.accounts.${surface} is "${account}", which belongs to ${other} already; an account belongs to one person`,
          }
        owners.set(`${surface}:${account}`, id)
      }
  }
}

function* checkPolicy(file: FileContent): Generator<Mistake> {
  const environments = Object.keys(file.environments)
  const people = Object.keys(file.people)
  for (const kind of ['approvals', 'denies'] as const) {
    const names = new Set<string>()
    for (const [index, rule] of file[kind].entries()) {
      if (names.has(rule.name))
        yield {
          path: [kind, index, 'name'],
          says: `${kind}[${index}].name is "${rule.name}", like the rule above it; write another name, since refusals name the rule`,
        }
      names.add(rule.name)
      yield* known([kind, index, 'when', 'environments'], rule.when.environments, environments, 'environment')
    }
  }
  for (const [index, { remind }] of file.approvals.entries())
    yield* known(['approvals', index, 'remind', 'who'], remind?.who, people, 'person')
  for (const [index, freeze] of file.freezes.entries())
    yield* known(['freezes', index, 'environments'], freeze.environments, environments, 'environment')
  if (file.breakGlass) yield* known(['breakGlass', 'reviewer'], [file.breakGlass.reviewer], people, 'person')
}

function* known(
  path: readonly (string | number)[],
  used: readonly string[] | undefined,
  existing: readonly string[],
  what: string,
): Generator<Mistake> {
  for (const [index, name] of (used ?? []).entries()) {
    if (existing.includes(name)) continue
    const [nearest] = nearestWords(name, existing, 1)
    const where = path.reduce<string>((text, part) => text + (typeof part === 'number' ? `[${part}]` : `.${part}`), '')
    const list = existing.length ? existing.join(', ') : 'none'
    yield {
      path: path.at(-1) === 'reviewer' ? path : [...path, index],
      says: `${where.slice(1)} names the ${what} "${name}", which is not in this file; ${nearest ? `write "${nearest}" instead` : `known are ${list}`}`,
    }
  }
}
