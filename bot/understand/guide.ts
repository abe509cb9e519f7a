import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Catalog } from '../../core/catalog/catalog.ts'
import { isReady } from '../../core/interpretation.ts'
import type { Grant, Person } from '../../core/person.ts'
import type { SkillGuide } from '../../core/ports/desk.ts'
import { isChange, type Skill } from '../../core/skill.ts'
import type { SkillSet } from '../../core/skill-set.ts'
import { type Parameter, parametersOf } from './parameters.ts'
import { understand } from './understand.ts'
import { usageOf } from './usage.ts'

/** What stands for a parameter whose value nobody can know beforehand. */
const SAMPLES: Readonly<Partial<Record<Parameter['kind'], string>>> = {
  version: '1.4.2',
  replicas: '4',
  duration: '2h',
  operation: 'op-7f3k9m2q',
  record: 'op-7f3k9m2q',
  incident: 'INC-142',
  money: '500 EUR',
  period: 'last-month',
  channel: '#ops',
  schedule: 'daily 09:00',
  scope: 'all',
  variables: 'pool=blue',
  person: 'sam',
  moment: 'friday 18:00',
  account: 'slack:U012AB3CD',
  text: 'deploy',
  number: '10',
}

/** Where an example would be carried out; `unfit` when it is not understood as its skill's own and whole. */
type Place = { readonly environment: string | undefined } | 'unfit'

/** What each person may ask for, with examples from their own services and environments. */
export function createGuide(deps: { readonly skills: SkillSet; readonly catalog: () => Catalog }): SkillGuide {
  const known = new WeakMap<Catalog, Promise<Places>>()
  const placesIn = (catalog: Catalog): Promise<Places> => {
    const places = known.get(catalog) ?? readPlaces(deps.skills, catalog)
    known.set(catalog, places)
    return places
  }
  return {
    async for(person) {
      const catalog = deps.catalog()
      const places = await placesIn(catalog)
      return deps.skills.flatMap((skill) => {
        const grants = grantsFor(person, skill)
        if (grants.length === 0) return []
        const where = environmentsOf(grants, catalog)
        const own = ownService(person, grants, catalog)
        const fitting = skill.examples.filter((example) => fits(places.get(example) ?? 'unfit', where))
        const example = fitting[0] ?? exampleOf(skill, { service: own, environment: where[0] })
        return {
          name: skill.name,
          summary: skill.summary,
          risk: isChange(skill) ? 'write' : 'read',
          usage: usageOf(skill),
          examples: [example, ...fitting.slice(1)],
          where: isChange(skill) ? where : [],
        }
      })
    },
  }
}

/** By example. What is read changes with the catalog only. */
type Places = ReadonlyMap<string, Place>

/** All of them are half a second's work: everybody else has a turn after each. */
async function readPlaces(skills: SkillSet, catalog: Catalog): Promise<Places> {
  const places = new Map<string, Place>()
  for (const skill of skills) {
    for (const example of skill.examples) {
      places.set(example, readPlace(example, skill, skills, catalog))
      await nextTurn()
    }
  }
  return places
}

/** An example is worth showing where it would work: its names are in this catalog, and the person may do it there. */
const fits = (place: Place, where: readonly string[]): boolean =>
  place !== 'unfit' && (place.environment === undefined || where.includes(place.environment))

function readPlace(example: string, skill: Skill, skills: SkillSet, catalog: Catalog): Place {
  const read = understand(example, { skills, catalog, now: new Date(0) })
  if (read.skill !== skill.name || !isReady(read)) return 'unfit'
  const { environment } = read.input
  return { environment: environment === undefined ? undefined : String(environment) }
}

function grantsFor(person: Person, skill: Skill): readonly Grant[] {
  if (!person.active) return []
  const { allow } = skill
  return allow ? person.grants.filter((grant) => allow.includes(grant.role)) : person.grants
}

function environmentsOf(grants: readonly Grant[], catalog: Catalog): string[] {
  const names = catalog.environments.map(({ name }) => name)
  return names.filter((name) =>
    grants.some(({ environments }) => environments.includes('*') || environments.includes(name)),
  )
}

/** One they own, else one of their teams'. */
function ownService(person: Person, grants: readonly Grant[], catalog: Catalog): string | undefined {
  const mine = catalog.services.find(({ team }) =>
    grants.some(({ teams }) => teams.includes('*') || (team && teams.includes(team))),
  )
  return catalog.services.find(({ owners }) => owners.includes(person.id))?.name ?? mine?.name
}

/** The command form with real names: `deploy checkout 1.4.2 staging`. */
function exampleOf(skill: Skill, place: { service: string | undefined; environment: string | undefined }): string {
  const values = parametersOf(skill)
    .filter((parameter) => !parameter.optional)
    .map((parameter) => {
      if (parameter.kind === 'service') return place.service ?? 'checkout'
      if (parameter.kind === 'environment') return place.environment ?? 'staging'
      return parameter.choices[0] ?? SAMPLES[parameter.kind] ?? parameter.name
    })
  return [skill.name, ...values].join(' ')
}
