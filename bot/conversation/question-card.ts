import type { Action, Card, FormField, Text } from '../../core/card.ts'
import type { Catalog } from '../../core/catalog/catalog.ts'
import type { Interpretation } from '../../core/interpretation.ts'
import type { Json } from '../../core/json.ts'
import type { SpokenSkill } from '../../core/skill.ts'
import { visibleLine } from '../../core/visible-text.ts'
import { type Parameter, parameterOf } from '../understand/parameters.ts'
import type { OpenQuestion } from './open-question.ts'

/** More choices than this are typed, not clicked. */
const MOST_BUTTONS = 8

/** The question a request leaves open: buttons where one choice answers it, else a form for all that is missing. */
export function questionCard(
  skill: SpokenSkill,
  interpretation: Interpretation,
  question: OpenQuestion,
  catalog: Catalog,
): Card {
  const asks = question.asks.map((name) => parameterOf(skill, name))
  const complaints = (interpretation.questions ?? []).flatMap((one) => visibleLine(one.says) || [])
  const [only] = asks
  const options = only && asks.length === 1 ? optionsFor(only, interpretation, catalog) : []
  const byButtons = options.length > 0 && options.length <= MOST_BUTTONS
  const blocks: Card['blocks'] = [
    ...complaints.map((text) => ({ type: 'note' as const, tone: 'warn' as const, text })),
    ...factsOf(skill, question),
    ...(byButtons
      ? []
      : [{ type: 'form' as const, fields: asks.map((parameter) => fieldFor(parameter, interpretation, catalog)) }]),
  ]
  return {
    kind: byButtons ? 'question' : 'form',
    tone: 'neutral',
    title: `${titled(skill.name)}: ${asksFor(asks)}`,
    blocks,
    actions: [
      ...(byButtons
        ? options.map((value) => choose(question, only?.name ?? '', value, labelOf(value, interpretation)))
        : [submit(question)]),
      drop(question),
    ],
    footer:
      byButtons || asks.length > 1
        ? 'Or type the answer in this thread.'
        : (only?.hint ?? 'Or type the answer in this thread.'),
  }
}

/** What the card offers, where one choice answers all that is asked. */
export function offeredFor(skill: SpokenSkill, interpretation: Interpretation, catalog: Catalog): readonly string[] {
  const [only, ...others] = [...interpretation.missing, ...interpretation.ambiguous, ...interpretation.invalid]
  const options = only && others.length === 0 ? optionsFor(parameterOf(skill, only), interpretation, catalog) : []
  return options.length <= MOST_BUTTONS ? options : []
}

/** The question's card once it is answered or dropped: its buttons are gone. */
export function closedQuestionCard(skillName: string, says: Text): Card {
  return { kind: 'question', tone: 'neutral', title: titled(skillName), blocks: [{ type: 'text', text: says }] }
}

function asksFor(asks: readonly Parameter[]): string {
  const labels = asks.map((parameter) => parameter.label)
  if (labels.length === 1) return labels[0] === 'replicas' ? 'how many replicas?' : `which ${labels[0]}?`
  return `I still need ${labels.slice(0, -1).join(', ')} and ${labels.at(-1)}.`
}

function optionsFor(parameter: Parameter, interpretation: Interpretation, catalog: Catalog): readonly string[] {
  const asked = interpretation.questions?.find((one) => one.parameter === parameter.name)
  if (asked && asked.options.length > 0) return asked.options.map((option) => option.value)
  if (parameter.kind === 'environment') return catalog.environments.map((environment) => environment.name)
  if (parameter.kind === 'service') return catalog.services.map((service) => service.name)
  return parameter.choices
}

function fieldFor(parameter: Parameter, interpretation: Interpretation, catalog: Catalog): FormField {
  const options = optionsFor(parameter, interpretation, catalog)
  return {
    name: parameter.name,
    label: titled(parameter.label),
    type:
      options.length > 0
        ? 'choice'
        : parameter.kind === 'duration'
          ? 'duration'
          : parameter.kind === 'number'
            ? 'number'
            : 'text',
    ...(options.length > 0 ? { options: options.map((value) => ({ value, label: value })) } : {}),
    required: !parameter.optional,
    ...(parameter.hint ? { hint: parameter.hint } : {}),
  }
}

function factsOf(skill: SpokenSkill, question: OpenQuestion): Card['blocks'] {
  const facts = Object.entries(question.input).flatMap(([name, value]) =>
    value === undefined ? [] : [{ label: titled(parameterOf(skill, name).label), value: shown(value) }],
  )
  return facts.length > 0 ? [{ type: 'facts', facts }] : []
}

const shown = (value: Json): string => visibleLine(Array.isArray(value) ? value.join(', ') : String(value))
const titled = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** How an offer is shown, where its value alone says little. */
const labelOf = (value: string, { questions = [] }: Interpretation): string =>
  questions.flatMap(({ options }) => options).find((option) => option.value === value)?.label ?? value

const choose = (question: OpenQuestion, parameter: string, value: string, label: string): Action => ({
  verb: 'answer',
  label,
  style: 'plain',
  payload: { question: question.id, values: { [parameter]: value } },
})
const submit = (question: OpenQuestion): Action => ({
  verb: 'answer',
  label: 'Continue',
  style: 'primary',
  payload: { question: question.id },
})
const drop = (question: OpenQuestion): Action => ({
  verb: 'answer',
  label: 'Never mind',
  style: 'plain',
  payload: { question: question.id, drop: true },
})
