/**
 * The card as the HTTP API sends it: core/card.ts mirrored, because the page imports its own code only.
 * test/web/card-types.test.ts fails when the two part. Files come without their content: it is fetched when asked for.
 */
export interface Card {
  readonly kind: 'answer' | 'question' | 'form' | 'plan' | 'progress' | 'result' | 'notice' | 'refusal'
  readonly tone: 'neutral' | 'good' | 'warn' | 'bad' | 'busy'
  readonly title: string
  readonly subtitle?: Text
  readonly blocks: readonly Block[]
  readonly actions?: readonly Action[]
  readonly footer?: Text
  readonly operationId?: string
}

export type Text = string | readonly Span[]
export type Span =
  | string
  | { readonly bold: string }
  | { readonly code: string }
  | { readonly time: string; readonly show: 'clock' | 'date' | 'relative' }
  | { readonly person: string; readonly name: string }

export type Block =
  | { readonly type: 'text'; readonly text: Text }
  | { readonly type: 'facts'; readonly facts: readonly { readonly label: string; readonly value: Text }[] }
  | { readonly type: 'changes'; readonly changes: readonly ChangeLine[] }
  | {
      readonly type: 'table'
      readonly columns: readonly string[]
      readonly rows: readonly (readonly Text[])[]
      readonly more?: number
    }
  | ChartBlock
  | { readonly type: 'steps'; readonly steps: readonly StepLine[] }
  | { readonly type: 'code'; readonly text: string; readonly truncated?: number; readonly file?: FileRef }
  | { readonly type: 'quote'; readonly source: string; readonly text: string }
  | { readonly type: 'note'; readonly tone: 'info' | 'warn' | 'bad' | 'good'; readonly text: Text }
  | { readonly type: 'progress'; readonly fraction: number | undefined; readonly text: string }
  | { readonly type: 'form'; readonly fields: readonly FormField[] }

interface ChartBlock {
  readonly type: 'chart'
  readonly title: string
  readonly shape: 'line' | 'bar' | 'area'
  readonly unit?: string
  readonly points: readonly string[]
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[]
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

interface FileRef {
  readonly name: string
  readonly mediaType: string
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

export interface Action {
  readonly verb: ClickVerb
  readonly label: string
  readonly style: 'primary' | 'danger' | 'plain'
  readonly payload?: JsonObject
  readonly confirm?: string
  readonly reason?: string
}

export type ClickVerb =
  | 'go'
  | 'approve'
  | 'reject'
  | 'break-glass'
  | 'cancel'
  | 'undo'
  | 'reveal'
  | 'settle'
  | 'decide'
  | 'answer'
  | 'say'
  | 'review'

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined }
export type JsonObject = { readonly [key: string]: Json | undefined }
