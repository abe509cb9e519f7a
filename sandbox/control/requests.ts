import { z } from 'zod'
import { behaviours, isBehaviourName } from '../world/behaviour.ts'
import { ControlError, type WorldControl } from '../world/control.ts'

const share = z.number().min(0).max(1)
const target = { service: z.string(), namespace: z.string() }

interface Action {
  schema: z.ZodType
  run: (control: WorldControl, body: unknown) => unknown
}

/** Ties a schema to what is done with its result. */
function action<T>(schema: z.ZodType<T>, run: (control: WorldControl, body: T) => unknown): Action {
  return { schema, run: (control, body) => run(control, schema.parse(body)) }
}

const behaviour = z.string().refine(isBehaviourName, `must be one of ${Object.keys(behaviours).join(', ')}`)

/** What can be posted under /control/api/, by name. */
const actions: Record<string, Action> = {
  speed: action(z.strictObject({ speed: z.number() }), (control, { speed }) => control.setSpeed(speed)),
  pause: action(z.strictObject({ paused: z.boolean() }), (control, { paused }) => control.setPaused(paused)),
  faults: action(
    z.strictObject({
      ...target,
      crash: z.boolean().optional(),
      unready: z.boolean().optional(),
      errorShare: share.optional(),
      latencyMs: z.number().min(0).max(600_000).optional(),
      leakMiBPerMinute: z.number().min(0).max(100_000).optional(),
      unreachable: z.array(z.string()).optional(),
    }),
    (control, { service, namespace, ...change }) => control.setFaults(service, namespace, change),
  ),
  'faults/clear': action(z.strictObject(target), (control, { service, namespace }) =>
    control.clearFaults(service, namespace),
  ),
  node: action(z.strictObject({ node: z.string(), down: z.boolean() }), (control, { node, down }) =>
    control.setNodeDown(node, down),
  ),
  registry: action(z.strictObject({ down: z.boolean() }), (control, { down }) => control.setRegistryDown(down)),
  spike: action(
    z.strictObject({ namespace: z.string(), factor: z.number(), minutes: z.number().default(30) }),
    (control, { namespace, factor, minutes }) => control.setSpike(namespace, factor, minutes),
  ),
  quota: action(
    z.strictObject({ namespace: z.string(), hard: z.record(z.string(), z.string()) }),
    (control, { namespace, hard }) => control.setQuota(namespace, hard),
  ),
  publish: action(z.strictObject({ service: z.string(), version: z.string(), behaviour }), (control, body) =>
    control.publish(body.service, body.version, body.behaviour),
  ),
  'api-fault': action(
    z.strictObject({
      verb: z.string().optional(),
      resource: z.string().optional(),
      namespace: z.string().optional(),
      latencyMs: z.number().min(0).max(600_000).optional(),
      errorRate: share.optional(),
      errorStatus: z.number().int().min(400).max(599).optional(),
      blackhole: z.boolean().optional(),
      conflictOnce: z.boolean().optional(),
    }),
    (control, fault) => ({ id: control.addApiFault(fault) }),
  ),
  'api-fault/remove': action(z.strictObject({ id: z.string() }), (control, { id }) => control.removeApiFault(id)),
  reset: action(z.strictObject({}), (control) => control.reset()),
}

export function isAction(name: string): boolean {
  return Object.hasOwn(actions, name)
}

/**
 * Does what was posted.
 * @throws ControlError with one sentence when the body does not fit
 */
export function act(control: WorldControl, name: string, text: string): unknown {
  let body: unknown
  try {
    body = text === '' ? {} : JSON.parse(text)
  } catch {
    throw new ControlError('The request body is no JSON.')
  }
  try {
    return actions[name]?.run(control, body) ?? {}
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error
    const issue = error.issues[0]
    const where = issue?.path.join('.') || 'the request body'
    throw new ControlError(`${where}: ${issue?.message ?? 'does not fit'}.`)
  }
}
