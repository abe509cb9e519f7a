import type { DeliveryId, OperationId, PersonId } from './ids.ts'
import type { JsonObject } from './json.ts'

/**
 * A card: a message as data, the same for every surface. Every string in it is plain text: surfaces escape it for their
 * own markup, and nothing in a string can become a mention, a link or a button.
 */
export interface Card {
  /** What the card is for; surfaces may choose an icon by it. */
  readonly kind: 'answer' | 'question' | 'form' | 'plan' | 'progress' | 'result' | 'notice' | 'refusal'
  readonly tone: 'neutral' | 'good' | 'warn' | 'bad' | 'busy'
  readonly title: string
  readonly subtitle?: Text
  readonly blocks: readonly Block[]
  readonly actions?: readonly Action[]
  /** Small print: ids, who, when. */
  readonly footer?: Text
  readonly operationId?: OperationId
}

/** Text with the few inline things a card needs. A time is shown in the reader's zone. */
export type Text = string | readonly Span[]
export type Span =
  | string
  | { readonly bold: string }
  | { readonly code: string }
  | { readonly time: string /* ISO 8601 */; readonly show: 'clock' | 'date' | 'relative' }
  | { readonly person: PersonId; readonly name: string }

export type Block =
  | { readonly type: 'text'; readonly text: Text }
  | { readonly type: 'facts'; readonly facts: readonly { readonly label: string; readonly value: Text }[] }
  | { readonly type: 'changes'; readonly changes: readonly ChangeLine[] }
  | {
      readonly type: 'table'
      readonly columns: readonly string[]
      readonly rows: readonly (readonly Text[])[]
      /** Rows left out, said visibly. */
      readonly more?: number
    }
  | ChartBlock
  | { readonly type: 'steps'; readonly steps: readonly StepLine[] }
  /** Machine output: logs, errors, commands. Truncated visibly by whoever makes it; `file` holds the whole. */
  | { readonly type: 'code'; readonly text: string; readonly truncated?: number; readonly file?: FileRef }
  /** Text from outside, marked with where it came from. */
  | { readonly type: 'quote'; readonly source: string; readonly text: string }
  | { readonly type: 'note'; readonly tone: 'info' | 'warn' | 'bad' | 'good'; readonly text: Text }
  | { readonly type: 'progress'; readonly fraction: number | undefined; readonly text: string }
  | { readonly type: 'form'; readonly fields: readonly FormField[] }

/** Measured values over the same points. Surfaces that draw say in words as well what is drawn (core/chart.ts). */
export interface ChartBlock {
  readonly type: 'chart'
  readonly title: string
  /** Bars and areas stand on zero; a line fills the height it has. */
  readonly shape: 'line' | 'bar' | 'area'
  /** What the values are counted in: `req/s`, `%`. */
  readonly unit?: string
  /** The points in order, as read below the chart: `14 Nov`, `12:05`. Those past CHART_MOST are not drawn, and that is said. */
  readonly points: readonly string[]
  readonly series: readonly {
    readonly name: string
    /** One for each point; null where nothing was measured. */
    readonly values: readonly (number | null)[]
  }[]
}

export interface ChangeLine {
  readonly target: string
  readonly field: string
  readonly from: string
  readonly to: string
}

export interface StepLine {
  readonly name: string
  readonly state: 'todo' | 'doing' | 'done' | 'skipped' | 'failed' | 'unknown'
  readonly detail?: Text
}

export interface FileRef {
  readonly name: string
  readonly mediaType: string
  readonly content: string
}

export interface FormField {
  readonly name: string
  readonly label: string
  readonly type: 'text' | 'number' | 'choice' | 'duration'
  readonly options?: readonly { readonly value: string; readonly label: string }[]
  readonly value?: string
  readonly required: boolean
  readonly hint?: string
}

/**
 * A button. `verb` names what a click asks for; who may click is decided on the server at the click, never by what is
 * shown. `say` buttons send a text as if the person had typed it.
 */
export interface Action {
  readonly verb: ClickVerb
  readonly label: string
  readonly style: 'primary' | 'danger' | 'plain'
  readonly payload?: JsonObject
  /** Asked before the click is sent. */
  readonly confirm?: string
  /** The click must carry a reason; this is the question asked for it. */
  readonly reason?: string
}

export const CLICK_VERBS = [
  'go', // the requester confirms what was understood
  'approve',
  'reject',
  'break-glass',
  'cancel',
  'undo',
  'reveal', // the requester is shown what is for their eyes only
  'settle', // payload: { outcome }
  'decide', // payload: { decision, choice }
  'answer', // a question's button or form: payload: { question, values }
  'say', // payload: { text }
  'review', // a break-glass run was looked at afterwards
] as const
export type ClickVerb = (typeof CLICK_VERBS)[number]

/** A click as it comes from a surface, already tied to a person by the surface's own authentication. */
export interface Click {
  readonly deliveryId: DeliveryId
  readonly verb: ClickVerb
  readonly payload: JsonObject
  readonly reason?: string
  /** The plan hash the clicked card showed, when it showed one. */
  readonly planHash?: string
  /** Idempotency key of the click event on its surface. */
  readonly key: string
}

/** The plain text of a Text, times as ISO. */
export function plainText(text: Text): string {
  if (typeof text === 'string') return text
  return text
    .map((span) => {
      if (typeof span === 'string') return span
      if ('bold' in span) return span.bold
      if ('code' in span) return span.code
      if ('time' in span) return span.time
      return span.name
    })
    .join('')
}
