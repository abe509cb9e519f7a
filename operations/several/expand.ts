import { z } from 'zod'
import { UserError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import { parameterMeta } from '../../core/parameters.ts'
import type { Skill } from '../../core/skill.ts'

/** One of several things asked for at once: a skill and its input, as if asked for alone. */
export interface Part {
  readonly skill: string
  readonly input: JsonObject
}

/** The skill that the engine itself provides: a plan made of the plans of others. Nobody can ask for it by name. */
export const SEVERAL = 'several'
export const PARTS_MAX = 12

/** A request that names several services or environments, as one part for each; undefined when it names one of each. Throws UserError. */
export function expand(skill: Skill, input: JsonObject, atMost = PARTS_MAX): readonly Part[] | undefined {
  const lists = Object.entries(input).flatMap(([name, value]) =>
    Array.isArray(value) && namesTargets(skill, name) ? [{ name, values: [...new Set(value)] }] : [],
  )
  if (lists.length === 0) return undefined
  const inputs = lists.reduce<readonly JsonObject[]>(
    (all, { name, values }) => all.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [input],
  )
  const parts = inputs.map((one) => ({ skill: skill.name, input: one }))
  if (parts.length > atMost)
    throw new UserError(
      `That would be ${parts.length} targets at once; ${atMost} is the most. Ask for them in smaller groups.`,
    )
  if (parts.length > 1) refuseHolds(skill, parts)
  return parts
}

/** Parts run one after the other, so that a hold would only begin when the one before it is over. What the desk holds needs no run. */
function refuseHolds(skill: Skill, parts: readonly Part[]): void {
  const timed = skill.risk !== 'read' && !skill.inline && parts.some(({ input }) => input.for !== undefined)
  if (!timed) return
  const says = `Several targets "for ${parts[0]?.input.for}" would be held one after the other, not together. Ask for each by itself.`
  throw new UserError(says, parts.map(sayRequest))
}

function namesTargets(skill: Skill, name: string): boolean {
  const field: unknown = skill.input.shape[name]
  if (!(field instanceof z.ZodType)) return false
  const { kind } = parameterMeta(field)
  return kind === 'service' || kind === 'environment'
}

/** `cart in staging`, before anybody looked what there is. */
export function sayPart({ skill, input }: Part): string {
  const named = ['service', 'environment'].flatMap((name) => (input[name] === undefined ? [] : [String(input[name])]))
  return named.length > 0 ? named.join(' in ') : skill
}

/** Requests for these parts and no others, in command form: one where they still are every service in every environment, else one each. */
export function sayRequests(parts: readonly Part[]): readonly string[] {
  const whole = collapse(parts)
  return whole && whole.differ.length === 0 ? [sayRequest(whole)] : parts.map(sayRequest)
}

/**
 * Several parts as the one request they come from: the services and environments as lists, every other value the same. Values that
 * differ by part are left out, and named in `differ`. Undefined when the parts are not every service in every environment.
 */
export function collapse(parts: readonly Part[]): (Part & { readonly differ: readonly string[] }) | undefined {
  const [first] = parts
  if (!first || parts.some(({ skill }) => skill !== first.skill)) return undefined
  const valuesOf = (name: string) => [...new Set(parts.map(({ input }) => input[name]))]
  const services = valuesOf('service')
  const environments = valuesOf('environment')
  if (services.length * environments.length !== parts.length) return undefined
  const names = [...new Set(parts.flatMap(({ input }) => Object.keys(input)))]
  const plain = names.filter((name) => name !== 'service' && name !== 'environment')
  const differ = plain.filter((name) => new Set(valuesOf(name).map((value) => JSON.stringify(value))).size > 1)
  const same = Object.fromEntries(
    plain.filter((name) => !differ.includes(name)).map((name) => [name, first.input[name]]),
  )
  const list = (name: string, values: JsonObject[string][]) =>
    values[0] === undefined ? {} : { [name]: values.length === 1 ? values[0] : values.map(String) }
  return {
    skill: first.skill,
    input: { ...list('service', services), ...list('environment', environments), ...same },
    differ,
  }
}

function sayRequest({ skill, input }: Part): string {
  const { service, environment, ...rest } = input
  const words = [skill]
  if (service !== undefined) words.push(Array.isArray(service) ? service.join(', ') : String(service))
  if (environment !== undefined)
    words.push(
      service === undefined ? '' : 'in',
      Array.isArray(environment) ? environment.join(', ') : String(environment),
    )
  for (const [name, value] of Object.entries(rest))
    if (value !== undefined) words.push(`${name}=${quoted(String(value))}`)
  return words.filter(Boolean).join(' ')
}

const quoted = (value: string) => (/^[\w.+@:/-]+$/.test(value) ? value : JSON.stringify(value))
