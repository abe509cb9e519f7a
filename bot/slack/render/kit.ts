import type { types } from '@slack/bolt'

/** Slack's own types, by the names its reference gives them. */
export type ActionsBlock = types.ActionsBlock
export type AnyChunk = types.AnyChunk
export type Button = types.Button
export type ConfirmationDialog = types.ConfirmationDialog
export type ContextBlock = types.ContextBlock
export type HomeView = types.HomeView
export type InputBlock = types.InputBlock
/** What @slack/types does not know yet: https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block */
export interface DataVisualizationBlock {
  readonly type: 'data_visualization'
  readonly block_id?: string
  readonly title: string
  readonly chart: {
    readonly type: 'line' | 'bar' | 'area'
    readonly series: readonly {
      readonly name: string
      readonly data: readonly { readonly label: string; readonly value: number }[]
    }[]
    readonly axis_config: {
      readonly categories: readonly string[]
      readonly x_label?: string
      readonly y_label?: string
    }
  }
}
export type KnownBlock = types.KnownBlock | DataVisualizationBlock
export type ModalView = types.ModalView
export type Option = types.PlainTextOption
export type PlanBlock = types.PlanBlock
export type PlainTextElement = types.PlainTextElement
export type RawNumberElement = types.RawNumberElement
export type RawTextElement = types.RawTextElement
export type RichTextBlock = types.RichTextBlock
export type RichTextBlockElement = types.RichTextBlockElement
export type RichTextElement = types.RichTextElement
export type RichTextSection = types.RichTextSection
