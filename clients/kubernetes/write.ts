import { setTimeout as pause } from 'node:timers/promises'
import { PreconditionError, UpstreamError, UserError } from '../../core/errors.ts'
import type { OperationId } from '../../core/ids.ts'
import type { Written } from '../../core/ports/cluster.ts'
import { ANNOTATION, FIELD_MANAGER } from './annotations.ts'
import { ApiError } from './api-error.ts'
import { Deployment, paths } from './kinds.ts'
import { missing, type Place, readDeployment } from './locate.ts'
import { applyBody, type OwnFields, readOwnFields } from './owned-fields.ts'

/** One field to be set, and what it must be before. */
export interface FieldChange {
  /** For sentences: `the image`. */
  readonly field: string
  readonly from: string
  readonly to: string
  readonly found: (deployment: Deployment) => string
  readonly set: (own: OwnFields, deployment: Deployment) => OwnFields
  readonly refuse?: (deployment: Deployment) => UserError | undefined
  readonly operation: OperationId
  readonly step: string
}

const TRIES = 6
const WRITES_KEPT = 12
/** Longer than a circuit rests. Who is asked to wait for longer decides on it where waiting holds no step and can be cancelled. */
const LONGEST_WAIT_MS = 15_000

/**
 * Sets one field, once per operation and step, however often and from however many processes it is called:
 *
 * 1. Read. If our annotation lists this very write, it has happened: done when it was the last one and still holds, refused otherwise.
 * 2. Refuse unless the field is as the plan expects.
 * 3. Apply with the resourceVersion that was read: any write in between, ours or another's, makes the server answer 409.
 * 4. After a 409, or an answer that never came, start again at 1: a changed status is no reason to give up, a changed field is.
 *
 * So a late write (a worker that was paused and succeeded by another) finds either its own mark or another value, and is refused; and where its
 * successor had nothing to write, the mark that called it off (`callOff`).
 * Throws PreconditionError with from, expected and found; UpstreamError that says whether anything may have been changed.
 */
export async function writeField(place: Place, change: FieldChange): Promise<Written> {
  let unsure = false
  for (let tries = 1; ; tries++) {
    const deployment = await readForWrite(place, unsure)
    refuseCalledOff(place, change, deployment)
    const already = alreadyWritten(place, change, deployment)
    if (already) return already
    const refusal = change.refuse?.(deployment)
    if (refusal) throw refusal
    const found = change.found(deployment)
    if (found !== change.from) throw new PreconditionError(sayChanged(place, change, found))
    try {
      const { metadata } = await apply(place, deployment, change)
      return { generation: metadata.generation, resourceVersion: metadata.resourceVersion }
    } catch (error) {
      const conflict = error instanceof ApiError && error.status === 409
      const lost = error instanceof UpstreamError && error.retryable
      if (!conflict && !lost) throw asRefusal(place, change, error)
      unsure ||= lost
      const asksForMore = lost && (error.retryAfterMs ?? 0) > LONGEST_WAIT_MS
      if (tries >= TRIES || asksForMore)
        throw conflict ? tooBusy(place, change.field) : doubtful(place, change, error, unsure)
      await pause(place.cluster.resilience.delayMs(tries, lost ? error.retryAfterMs : undefined))
    }
  }
}

/**
 * Sees to it that a write which may still be under way never happens any more: a mark on the object, which is thereby no longer the one that was
 * read for that write. What has happened stands. Throws UpstreamError where that could not be brought about.
 */
export async function callOff(place: Place, write: Pick<FieldChange, 'operation' | 'step'>): Promise<void> {
  const mark = markOf(write)
  for (let tries = 1; ; tries++) {
    const deployment = await readDeployment(place)
    const writes = writesOf(deployment.metadata.annotations)
    if (writes.includes(mark) || writes.includes(calledOff(mark))) return
    const { annotations, ...own } = readOwnFields(deployment)
    const marked = JSON.stringify([...writes, calledOff(mark)].slice(-WRITES_KEPT))
    try {
      await applyOwn(place, deployment, { ...own, annotations: { ...annotations, [ANNOTATION.writes]: marked } })
      return
    } catch (error) {
      const conflict = error instanceof ApiError && error.status === 409
      const lost = error instanceof UpstreamError && error.retryable
      if (tries >= TRIES || !(conflict || lost)) throw conflict ? tooBusy(place, 'the mark on it') : error
      await pause(place.cluster.resilience.delayMs(tries, lost ? error.retryAfterMs : undefined))
    }
  }
}

async function readForWrite(place: Place, unsure: boolean): Promise<Deployment> {
  try {
    return await readDeployment(place)
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error
    const after = unsure
      ? 'Whether it was changed is not known: look at it before you try again.'
      : 'Nothing was changed.'
    throw again(error, `${error.message} ${after}`)
  }
}

function refuseCalledOff({ ref }: Place, change: FieldChange, { metadata }: Deployment): void {
  if (!writesOf(metadata.annotations).includes(calledOff(markOf(change)))) return
  throw new PreconditionError(
    `This step was called off before it set ${change.field} of ${ref.service} in ${ref.environment}. Nothing was changed.`,
  )
}

function alreadyWritten(place: Place, change: FieldChange, { metadata, ...rest }: Deployment): Written | undefined {
  const mark = markOf(change)
  const writes = writesOf(metadata.annotations)
  if (!writes.includes(mark)) return undefined
  const found = change.found({ metadata, ...rest })
  if (writes.findLast((write) => !isCalledOff(write)) === mark && found === change.to)
    return { generation: metadata.generation, resourceVersion: metadata.resourceVersion }
  throw new PreconditionError(
    `This step already set ${change.field} of ${place.ref.service} in ${place.ref.environment} to ${change.to}; since then it was changed to ${found}. Nothing was changed now.`,
  )
}

function apply(place: Place, deployment: Deployment, change: FieldChange): Promise<Deployment> {
  const own = change.set(readOwnFields(deployment), deployment)
  const writes = [...writesOf(deployment.metadata.annotations), markOf(change)].slice(-WRITES_KEPT)
  const annotations = {
    ...own.annotations,
    [ANNOTATION.operation]: change.operation,
    [ANNOTATION.step]: change.step,
    [ANNOTATION.writes]: JSON.stringify(writes),
  }
  return applyOwn(place, deployment, { ...own, annotations })
}

function applyOwn(place: Place, deployment: Deployment, own: OwnFields): Promise<Deployment> {
  const path = `${paths.deployments(place.namespace)}/${place.workload}`
  return place.cluster.apply(path, applyBody(deployment, own), Deployment, FIELD_MANAGER)
}

const markOf = ({ operation, step }: Pick<FieldChange, 'operation' | 'step'>) => `${operation}/${step}`
const calledOff = (mark: string) => `!${mark}`
const isCalledOff = (write: string) => write.startsWith('!')

function writesOf(annotations: Readonly<Record<string, string>>): string[] {
  try {
    const writes: unknown = JSON.parse(annotations[ANNOTATION.writes] ?? '[]')
    return Array.isArray(writes) ? writes.filter((entry) => typeof entry === 'string') : []
  } catch {
    // Edited by hand: as good as none.
    return []
  }
}

function sayChanged({ ref }: Place, { field, from, to }: FieldChange, found: string): string {
  return `${ref.service} in ${ref.environment} changed since the plan was made: ${field} should go from ${from} to ${to}, but is ${found} now. Nothing was changed.`
}

function asRefusal(place: Place, change: FieldChange, error: unknown): unknown {
  if (error instanceof UpstreamError) return again(error, `${error.message} Nothing was changed.`)
  if (!(error instanceof ApiError)) return error
  if (error.status === 404) return missing(place)
  return new UserError(
    `The cluster "${place.cluster.name}" does not accept ${change.to} for ${change.field} of ${place.ref.service} in ${place.ref.environment}: ${error.message}. Nothing was changed.`,
  )
}

function tooBusy({ ref, cluster }: Place, field: string): UpstreamError {
  return new UpstreamError(
    `${ref.service} in ${ref.environment} is being written by others all the time: ${field} could not be set in ${TRIES} tries. Nothing was changed.`,
    { service: `cluster ${cluster.name}`, retryable: true },
  )
}

function doubtful({ ref }: Place, { field, to }: FieldChange, error: unknown, unsure: boolean): unknown {
  if (!(error instanceof UpstreamError) || !unsure) return error
  return again(
    error,
    `${error.message} Whether ${field} of ${ref.service} in ${ref.environment} was set to ${to} is not known: look at it before you try again.`,
  )
}

function again(error: UpstreamError, message: string): UpstreamError {
  const { service, retryable, retryAfterMs } = error
  return new UpstreamError(message, {
    service,
    retryable,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    cause: error,
  })
}
