import type { OperationId, RequestId } from '../ids.ts'
import type { JsonObject } from '../json.ts'

/** Something a language model may answer with instead of prose. */
export interface ModelTool {
  /** Letters, digits, `_` and `-`. */
  readonly name: string
  readonly description: string
  /** A JSON Schema of type object. */
  readonly parameters: JsonObject
  /** The schema keeps to the subset that endpoints can hold a model to. */
  readonly strict: boolean
}

export interface ModelQuestion {
  /** What it is asked for, as costs are booked: `understand`. */
  readonly purpose: string
  /** The same for every question of a kind, so that endpoints may cache it. */
  readonly instructions: string
  readonly message: string
  readonly tools: readonly ModelTool[]
  /** What it is for, in the records of what was spent. */
  readonly requestId?: RequestId
  readonly operationId?: OperationId
}

/** One tool the model chose. The name and the arguments are whatever it wrote: check them like anybody's words. */
export interface ModelCall {
  readonly tool: string
  readonly arguments: JsonObject
}

export interface ModelAnswer {
  readonly calls: readonly ModelCall[]
  readonly inputTokens: number
  readonly outputTokens: number
  /** Undefined while the configuration names no price. */
  readonly costUsd: number | undefined
  readonly tookMs: number
}

export interface LanguageModel {
  /** As the endpoint calls it. */
  readonly name: string
  /** One answer within the configured time, retries included. Throws UpstreamError, also when the day's tokens are spent. */
  ask(question: ModelQuestion): Promise<ModelAnswer>
  /** Whether it answers and what is left of the day's tokens; asks the endpoint at most once a minute, and never for tokens. */
  health(): Promise<{ readonly ok: boolean; readonly says: string }>
}

/** What was asked of a model and what it cost; failures too, since they may have cost as well. */
export interface ModelSpending {
  readonly at: Date
  readonly model: string
  readonly purpose: string
  readonly requestId: RequestId | undefined
  readonly operationId: OperationId | undefined
  readonly inputTokens: number
  readonly outputTokens: number
  readonly costUsd: number | undefined
  readonly tookMs: number
  /** `answered`, or why not. */
  readonly outcome: string
}

/** Where spending is written down, for all processes of an installation. */
export interface ModelLedger {
  record(spending: ModelSpending): Promise<void>
  tokensSince(moment: Date): Promise<number>
}
