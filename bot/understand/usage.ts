import type { SpokenSkill } from '../../core/skill.ts'
import { type Parameter, parametersOf } from './parameters.ts'

// The little word that reads best in front of a value; the command form takes it or leaves it.
const BEFORE: Readonly<Partial<Record<Parameter['kind'], string>>> = {
  environment: 'in',
  duration: 'for',
  moment: 'until',
  channel: 'to',
}

/** One line on how to type a skill: `deploy SERVICE VERSION [to] ENVIRONMENT [strategy=rolling] [--dry-run]`. */
export function usageOf(skill: SpokenSkill): string {
  const parts = parametersOf(skill).map((parameter) => {
    const value = said(parameter)
    return parameter.optional ? `[${value}]` : value
  })
  return [skill.name, ...parts, ...(skill.risk === 'read' ? [] : ['[--dry-run]'])].join(' ')
}

function said(parameter: Parameter): string {
  if (parameter.choices.length > 0) {
    const choices = parameter.choices.join('|')
    return parameter.optional ? `${parameter.name}=${choices}` : choices
  }
  const name = parameter.name.toUpperCase()
  if (parameter.kind === 'text')
    return parameter.name === 'reason'
      ? 'because REASON'
      : parameter.optional
        ? `${parameter.name}="TEXT"`
        : `"${name}"`
  // Two of a kind are told apart by their names: `from ENVIRONMENT to ENVIRONMENT`, `min N max N`.
  if (/^(?:from|to)$/.test(parameter.name)) return `${parameter.name} ${parameter.kind.toUpperCase()}`
  if (parameter.kind === 'number') return `${parameter.name} N`
  if (parameter.kind === 'variables') return 'KEY=VALUE'
  if (parameter.kind === 'period' && parameter.name === 'compare') return 'vs PERIOD'
  if (parameter.kind === 'duration') return `${parameter.name} DURATION`
  const before = BEFORE[parameter.kind]
  return before ? `${before} ${name}` : name
}
