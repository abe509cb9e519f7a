export interface StatusCause {
  reason: string
  message: string
  field?: string
}

export interface StatusDetails {
  name?: string
  group?: string
  kind?: string
  uid?: string
  causes?: StatusCause[]
  retryAfterSeconds?: number
}

/** The `v1.Status` object the API answers with. */
export interface Status {
  kind: 'Status'
  apiVersion: 'v1'
  metadata: Record<string, unknown>
  status: 'Success' | 'Failure'
  message?: string
  reason?: string
  details?: StatusDetails
  code?: number
}

/** A refusal in the API server's own words; `status` is sent as is. */
export class StatusError extends Error {
  readonly status: Status

  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message)
    this.name = 'StatusError'
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      reason,
      ...(details ? { details } : {}),
      code,
    }
  }

  get code(): number {
    return this.status.code ?? 500
  }
}

/** `apps/deployments` → `deployments.apps`, the form the server's messages use. */
function resourceInMessages(resource: string): string {
  const [group, plural] = splitResource(resource)
  return group ? `${plural}.${group}` : plural
}

/** `apps/deployments` → ['apps', 'deployments']; `pods` → ['', 'pods']. */
export function splitResource(resource: string): [group: string, plural: string] {
  const slash = resource.indexOf('/')
  return slash < 0 ? ['', resource] : [resource.slice(0, slash), resource.slice(slash + 1)]
}

function detailsOf(resource: string, name: string): StatusDetails {
  const [group, plural] = splitResource(resource)
  return { name, ...(group ? { group } : {}), kind: plural }
}

export function notFound(resource: string, name: string): StatusError {
  return new StatusError(
    404,
    'NotFound',
    `${resourceInMessages(resource)} "${name}" not found`,
    detailsOf(resource, name),
  )
}

export function alreadyExists(resource: string, name: string): StatusError {
  const message = `${resourceInMessages(resource)} "${name}" already exists`
  return new StatusError(409, 'AlreadyExists', message, detailsOf(resource, name))
}

/** @param why the sentence after the colon; without it the "object has been modified" one of a stale resourceVersion */
export function conflict(resource: string, name: string, why?: string): StatusError {
  const sentence = why ?? 'the object has been modified; please apply your changes to the latest version and try again'
  const message = `Operation cannot be fulfilled on ${resourceInMessages(resource)} "${name}": ${sentence}`
  return new StatusError(409, 'Conflict', message, detailsOf(resource, name))
}

export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message)
}

export function gone(message: string): StatusError {
  return new StatusError(410, 'Expired', message)
}

/** A version the server has not reached: the client knows a newer cluster, or this one began anew. */
export function tooLargeVersion(asked: number, current: number): StatusError {
  return new StatusError(504, 'Timeout', `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  })
}

/** @param why for example `exceeded quota: compute, requested: pods=1, used: pods=4, limited: pods=4` */
export function forbidden(resource: string, name: string, why: string, causes?: StatusCause[]): StatusError {
  const message = `${resourceInMessages(resource)} "${name}" is forbidden: ${why}`
  return new StatusError(403, 'Forbidden', message, { ...detailsOf(resource, name), ...(causes ? { causes } : {}) })
}

/** One reason why an object was refused, before it is put into a sentence. */
export interface FieldProblem {
  field: string
  reason:
    | 'FieldValueInvalid'
    | 'FieldValueRequired'
    | 'FieldValueNotSupported'
    | 'FieldValueDuplicate'
    | 'FieldValueForbidden'
    | 'FieldValueTooLong'
  /** Begins with the reason's words, as in `Invalid value: -1: must be greater than or equal to 0`. */
  message: string
}

export function invalid(kind: string, group: string, name: string, problems: FieldProblem[]): StatusError {
  const texts = problems.map((problem) => `${problem.field}: ${problem.message}`)
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`
  const message = `${group ? `${kind}.${group}` : kind} "${name}" is invalid: ${list}`
  return new StatusError(422, 'Invalid', message, {
    name,
    ...(group ? { group } : {}),
    kind,
    causes: problems.map((problem) => ({ reason: problem.reason, message: problem.message, field: problem.field })),
  })
}
