/** Errors by who must act (DESIGN §5). Every message is a sentence a tired person can act on. */

/** The person can fix it. Shown as is, to them only. */
export class UserError extends Error {
  override readonly name = 'UserError'
  /** Things to offer instead, each a text that may be sent as the next message. */
  readonly suggestions: readonly string[]
  constructor(message: string, suggestions: readonly string[] = []) {
    super(message)
    this.suggestions = suggestions
  }
}

/** Refused: names the rule, the missing right and who can grant it. */
export class DeniedError extends Error {
  override readonly name = 'DeniedError'
  readonly rule: string
  readonly missing: string | undefined
  readonly grantedBy: readonly string[]
  constructor(message: string, detail: { rule: string; missing?: string; grantedBy?: readonly string[] }) {
    super(message)
    this.rule = detail.rule
    this.missing = detail.missing
    this.grantedBy = detail.grantedBy ?? []
  }
}

/** An outside system did not do its part. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError'
  readonly service: string
  readonly retryable: boolean
  readonly retryAfterMs: number | undefined
  constructor(
    message: string,
    detail: { service: string; retryable: boolean; retryAfterMs?: number; cause?: unknown },
  ) {
    super(message, { cause: detail.cause })
    this.service = detail.service
    this.retryable = detail.retryable
    this.retryAfterMs = detail.retryAfterMs
  }
}

/** A write was refused because its precondition no longer holds: the target changed since the plan was made. */
export class PreconditionError extends UserError {}

/** Our lease on an operation is gone: whoever holds this must stop writing at once. */
export class FencedError extends Error {
  override readonly name = 'FencedError'
}

/** The configuration is wrong: one sentence that names the key, the file (and line) and the fix. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
