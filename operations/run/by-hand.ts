import { z } from 'zod'
import type { Json, JsonObject } from '../../core/json.ts'
import type { Undo } from '../../core/plan.ts'
import type { StoredOperation } from '../../db/operation-records.ts'

const Parts = z.array(z.object({ skill: z.string(), input: z.record(z.string(), z.json()) }))

/**
 * What to say, word for word, to finish what the machine could not: the plan's own way back, which changes nothing where it is so already,
 * and then how it ended.
 */
export function sayByHand({ id, plan }: Pick<StoredOperation, 'id' | 'plan'>): string {
  const back = commandsOf(plan.undo).map((command) => `“${command}”`)
  const done = `If all of it is done, say “settle ${id} succeeded”`
  if (back.length === 0) return `${done}; if not, “settle ${id} failed”.`
  return `To go back, say ${back.join(', then ')}, then “settle ${id} rolled_back”. ${done} instead.`
}

/** Several parts are taken back one by one: each is a command of its own. */
function commandsOf(undo: Undo): readonly string[] {
  if ('impossible' in undo) return []
  const parts = Parts.safeParse(undo.input.parts)
  if (parts.success) return parts.data.map(({ skill, input }) => commandOf(skill, input))
  return [commandOf(undo.skill, undo.input)]
}

/** The command form with every value named: `scale service=cart environment=dev replicas=2`. */
function commandOf(skill: string, input: JsonObject): string {
  const values = Object.entries(input).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [`${name}=${quoted(value)}`],
  )
  return [skill, ...values].join(' ')
}

function quoted(value: Json): string {
  const text = Array.isArray(value) ? value.map(String).join(',') : String(value)
  return /[\s"“”]/.test(text) ? `"${text.replaceAll(/["“”]/g, "'")}"` : text
}
