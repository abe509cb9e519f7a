import type { FieldProblem } from '../errors.ts'

/** The server's sentences for one refused field each. Values are shown as JSON. */

export function wrong(field: string, value: unknown, why: string): FieldProblem {
  return { field, reason: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(value)}: ${why}` }
}

export function missing(field: string, why?: string): FieldProblem {
  return { field, reason: 'FieldValueRequired', message: why ? `Required value: ${why}` : 'Required value' }
}

export function unsupported(field: string, value: unknown, supported: string[]): FieldProblem {
  const list = supported.map((text) => JSON.stringify(text)).join(', ')
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`
  return { field, reason: 'FieldValueNotSupported', message }
}

export function duplicate(field: string, value: unknown): FieldProblem {
  return { field, reason: 'FieldValueDuplicate', message: `Duplicate value: ${JSON.stringify(value)}` }
}

export function notAllowed(field: string, why: string): FieldProblem {
  return { field, reason: 'FieldValueForbidden', message: `Forbidden: ${why}` }
}

export function atLeastZero(field: string, value: number | undefined): FieldProblem[] {
  return value !== undefined && value < 0 ? [wrong(field, value, 'must be greater than or equal to 0')] : []
}
