import type { IncomingMessage } from 'node:http'
import { badRequest } from '../store/errors.ts'
import { isRecord } from '../store/immutable.ts'
import { timestamp } from '../store/timestamp.ts'
import { readObject } from './body.ts'
import { methodNotAllowed } from './request.ts'
import type { Answer } from './respond.ts'
import { REVIEW_TYPES } from './served-types.ts'

const USER = { username: 'sandbox-user', groups: ['system:authenticated', 'system:masters'] }
const EVERYTHING = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] }

/** Who may do what: whoever has the token may do everything, and these resources say so. */
export async function review(message: IncomingMessage, url: URL, now: Date): Promise<Answer | undefined> {
  const type = REVIEW_TYPES.find(({ group, version, plural }) => url.pathname === `/apis/${group}/${version}/${plural}`)
  if (!type) return undefined
  if (message.method !== 'POST') throw methodNotAllowed()
  const body = await readObject(message)
  if (!isRecord(body)) throw badRequest(`the body of the request must be a ${type.kind}`)
  const metadata = { creationTimestamp: timestamp(now) }
  const base = { kind: type.kind, apiVersion: `${type.group}/${type.version}`, metadata }
  switch (type.kind) {
    case 'SelfSubjectAccessReview':
      return {
        code: 201,
        body: { ...base, spec: body.spec ?? {}, status: { allowed: true, reason: 'the sandbox has no RBAC' } },
      }
    case 'SelfSubjectRulesReview': {
      const nonResourceRules = [{ verbs: ['*'], nonResourceURLs: ['*'] }]
      const status = { resourceRules: [EVERYTHING], nonResourceRules, incomplete: false }
      return { code: 201, body: { ...base, spec: body.spec ?? {}, status } }
    }
    case 'SelfSubjectReview':
      return { code: 201, body: { ...base, status: { userInfo: USER } } }
  }
}
