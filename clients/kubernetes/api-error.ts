import { z } from 'zod'
import { UpstreamError } from '../../core/errors.ts'
import { redact } from '../../core/secrets.ts'
import { Trouble } from '../trouble.ts'

/** The API server answered, and the answer is no: a Status object with a reason (https://kubernetes.io/docs/reference/using-api/api-concepts/). */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly reason: string
  constructor(status: number, reason: string, message: string) {
    super(message)
    this.status = status
    this.reason = reason
  }
}

const Status = z.object({ reason: z.string().default(''), message: z.string().default('') })

export function apiErrorOf(status: number, body: string): ApiError {
  try {
    const { reason: said, message } = Status.parse(JSON.parse(body))
    const reason = redact(said)
    return new ApiError(status, reason, redact(message) || `HTTP ${status}`)
  } catch {
    // Not from the API server itself (a proxy in between, say): its first line is all there is to say.
    return new ApiError(status, '', redact(body).split('\n')[0]?.slice(0, 300) || `HTTP ${status}`)
  }
}

/**
 * What a failed call means, in a sentence. 404, 409, 410 and 422 pass as ApiError: what they mean depends on what was asked.
 */
export function explainFailure(error: unknown, cluster: string): unknown {
  if (error instanceof Trouble) {
    if (error.status === 429)
      return new UpstreamError(`The cluster "${cluster}" is overloaded and asks to wait.`, upstream(cluster, error))
    return new UpstreamError(`The cluster "${cluster}" does not answer (${error.how}).`, upstream(cluster, error))
  }
  if (!(error instanceof ApiError)) return error
  const refused = { service: `cluster ${cluster}`, retryable: false, cause: error }
  if (error.status === 401)
    return new UpstreamError(
      `The cluster "${cluster}" does not accept our credentials: the kubeconfig's token or certificate is wrong or has expired.`,
      refused,
    )
  if (error.status < 400)
    return new UpstreamError(
      `The cluster "${cluster}" sends us elsewhere (HTTP ${error.status}): something in between, a login page it may be, answers in its place.`,
      refused,
    )
  if (error.status === 403) return new UpstreamError(sayForbidden(error.message, cluster), refused)
  if (error.status === 400 || error.status >= 405) {
    if ([409, 410, 422].includes(error.status)) return error
    return new UpstreamError(`The cluster "${cluster}" refuses the request: ${error.message}.`, refused)
  }
  return error
}

const upstream = (cluster: string, trouble: Trouble) => ({
  service: `cluster ${cluster}`,
  retryable: true,
  ...(trouble.retryAfterMs === undefined ? {} : { retryAfterMs: trouble.retryAfterMs }),
  cause: trouble,
})

/** `… cannot patch resource "deployments" in API group "apps" in the namespace "shop"` → the permission to grant. */
function sayForbidden(message: string, cluster: string): string {
  const right = /cannot (\w+) resource "([^"]+)"(?: in API group "([^"]*)")?(?: in the namespace "([^"]*)")?/.exec(
    message,
  )
  if (!right) return `The cluster "${cluster}" refuses: ${message}.`
  const [, verb, resource, group, namespace] = right
  const what = group ? `${resource} (${group})` : resource
  const where = namespace ? ` in the namespace ${namespace}` : ''
  return `The cluster "${cluster}" refuses: Quarterdeck's account lacks the permission to ${verb} ${what}${where}. Apply deploy/rbac.yaml, or add it to the account's role.`
}
