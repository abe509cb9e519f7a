import type { FieldProblem } from '../errors.ts'
import type { ObjectMeta } from '../types.ts'
import { missing, wrong } from './problems.ts'

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`
const VALUE = '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?'
const QUALIFIED = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'

const matches = (text: string, pattern: string) => new RegExp(`^(?:${pattern})$`).test(text)

/** RFC 1123 label: one part of a DNS name, 63 characters at most. */
export function labelNameProblems(field: string, name: string): FieldProblem[] {
  if (name.length > 63) return [wrong(field, name, 'must be no more than 63 bytes')]
  if (matches(name, LABEL)) return []
  const why = `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${LABEL}')`
  return [wrong(field, name, why)]
}

/** RFC 1123 subdomain: labels joined by dots, 253 characters at most. */
export function subdomainProblems(field: string, name: string): FieldProblem[] {
  if (name.length > 253) return [wrong(field, name, 'must be no more than 253 bytes')]
  if (matches(name, SUBDOMAIN)) return []
  const why = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${SUBDOMAIN}')`
  return [wrong(field, name, why)]
}

/** RFC 1035 label: as RFC 1123, but it begins with a letter; services need it. */
export function serviceNameProblems(field: string, name: string): FieldProblem[] {
  const pattern = '[a-z]([-a-z0-9]*[a-z0-9])?'
  if (name.length <= 63 && matches(name, pattern)) return []
  const why = `a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '${pattern}')`
  return [wrong(field, name, why)]
}

export function labelsProblems(field: string, labels: Record<string, string> | undefined): FieldProblem[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) => {
    const problems = qualifiedNameProblems(field, key)
    if (value.length > 63) problems.push(wrong(field, value, 'must be no more than 63 bytes'))
    else if (!matches(value, VALUE)) {
      const why = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '${VALUE}')`
      problems.push(wrong(field, value, why))
    }
    return problems
  })
}

function qualifiedNameProblems(field: string, key: string): FieldProblem[] {
  const parts = key.split('/')
  const name = parts.at(-1) ?? ''
  const prefix = parts.length === 2 ? parts[0] : undefined
  const prefixWrong = parts.length > 2 || (prefix !== undefined && !matches(prefix, SUBDOMAIN))
  if (!prefixWrong && name.length <= 63 && matches(name, QUALIFIED)) return []
  const why = `name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${QUALIFIED}')`
  return [wrong(field, key, why)]
}

const ANNOTATIONS_LIMIT = 256 * 1024

export function metadataProblems(
  metadata: ObjectMeta,
  nameProblems: (field: string, name: string) => FieldProblem[],
): FieldProblem[] {
  if (!metadata.name) return [missing('metadata.name', 'name or generateName is required')]
  const annotations = Object.entries(metadata.annotations ?? {})
  const size = annotations.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0)
  return [
    ...nameProblems('metadata.name', metadata.name),
    ...labelsProblems('metadata.labels', metadata.labels),
    ...annotations.flatMap(([key]) => qualifiedNameProblems('metadata.annotations', key.toLowerCase())),
    ...(size > ANNOTATIONS_LIMIT
      ? [
          {
            field: 'metadata.annotations',
            reason: 'FieldValueTooLong' as const,
            message: `Too long: may not be more than ${ANNOTATIONS_LIMIT} bytes`,
          },
        ]
      : []),
  ]
}
