import type { HorizontalPodAutoscaler, LabelSelector } from '../../store/kinds.ts'
import { labelSelectorText } from '../../store/selectors.ts'
import type { KubeObject } from '../../store/types.ts'
import {
  AGE,
  at,
  CONTAINERS,
  type Column,
  durationText,
  IMAGES,
  integer,
  listAt,
  NAME,
  numberAt,
  orNone,
  sinceText,
  text,
  textAt,
  wide,
} from './column.ts'

const SELECTOR = wide('Selector', (object) => {
  const selector = at(object, 'spec', 'selector') as LabelSelector | undefined // decoded by its schema
  return selector ? labelSelectorText(selector) : '<none>'
})

export const DEPLOYMENT_COLUMNS: Column[] = [
  NAME,
  text('Ready', (object) => `${numberAt(object, 'status', 'readyReplicas')}/${numberAt(object, 'spec', 'replicas')}`),
  integer('Up-to-date', (object) => numberAt(object, 'status', 'updatedReplicas')),
  integer('Available', (object) => numberAt(object, 'status', 'availableReplicas')),
  AGE,
  CONTAINERS,
  IMAGES,
  SELECTOR,
]

export const REPLICA_SET_COLUMNS: Column[] = [
  NAME,
  integer('Desired', (object) => numberAt(object, 'spec', 'replicas')),
  integer('Current', (object) => numberAt(object, 'status', 'replicas')),
  integer('Ready', (object) => numberAt(object, 'status', 'readyReplicas')),
  AGE,
  CONTAINERS,
  IMAGES,
  SELECTOR,
]

export const STATEFUL_SET_COLUMNS: Column[] = [
  NAME,
  text('Ready', (object) => `${numberAt(object, 'status', 'readyReplicas')}/${numberAt(object, 'spec', 'replicas')}`),
  AGE,
  CONTAINERS,
  IMAGES,
]

export const DAEMON_SET_COLUMNS: Column[] = [
  NAME,
  integer('Desired', (object) => numberAt(object, 'status', 'desiredNumberScheduled')),
  integer('Current', (object) => numberAt(object, 'status', 'currentNumberScheduled')),
  integer('Ready', (object) => numberAt(object, 'status', 'numberReady')),
  integer('Up-to-date', (object) => numberAt(object, 'status', 'updatedNumberScheduled')),
  integer('Available', (object) => numberAt(object, 'status', 'numberAvailable')),
  text('Node Selector', (object) => {
    const pairs = Object.entries((at(object, 'spec', 'template', 'spec', 'nodeSelector') as object | undefined) ?? {}) // a map by its schema
    return orNone(pairs.map(([key, value]) => `${key}=${value}`).join(','))
  }),
  AGE,
  CONTAINERS,
  IMAGES,
  SELECTOR,
]

export const AUTOSCALER_COLUMNS: Column[] = [
  NAME,
  text(
    'Reference',
    (object) =>
      `${textAt(object, 'spec', 'scaleTargetRef', 'kind')}/${textAt(object, 'spec', 'scaleTargetRef', 'name')}`,
  ),
  text('Targets', (object) => targetsText(object as HorizontalPodAutoscaler)), // these columns are for autoscalers only
  text('MinPods', (object) => textAt(object, 'spec', 'minReplicas') || '<unset>'),
  integer('MaxPods', (object) => numberAt(object, 'spec', 'maxReplicas')),
  integer('Replicas', (object) => numberAt(object, 'status', 'currentReplicas')),
  AGE,
]

function targetsText({ spec, status }: HorizontalPodAutoscaler): string {
  const targets = (spec.metrics ?? []).map((metric, index) => {
    const current = at(status?.currentMetrics?.[index], 'resource', 'current')
    const target = metric.resource?.target
    const name = metric.resource?.name ?? metric.type
    if (target?.averageValue) return `${name}: ${textAt(current, 'averageValue') || '<unknown>'}/${target.averageValue}`
    const now = at(current, 'averageUtilization')
    return `${name}: ${typeof now === 'number' ? `${now}%` : '<unknown>'}/${target?.averageUtilization ?? '<auto>'}%`
  })
  return targets.length === 0 ? '<none>' : targets.join(', ')
}

export const DISRUPTION_BUDGET_COLUMNS: Column[] = [
  NAME,
  text('Min Available', (object) => textAt(object, 'spec', 'minAvailable') || 'N/A'),
  text('Max Unavailable', (object) => textAt(object, 'spec', 'maxUnavailable') || 'N/A'),
  integer('Allowed Disruptions', (object) => numberAt(object, 'status', 'disruptionsAllowed')),
  AGE,
]

export const CONTROLLER_REVISION_COLUMNS: Column[] = [
  NAME,
  text('Controller', (object) => {
    const owner = object.metadata.ownerReferences?.find((reference) => reference.controller)
    return owner ? `${owner.kind.toLowerCase()}/${owner.name}` : '<none>'
  }),
  integer('Revision', (object) => numberAt(object, 'revision')),
  AGE,
]

function jobDuration(object: KubeObject, now: Date): string {
  const start = textAt(object, 'status', 'startTime')
  if (!start) return ''
  const end = textAt(object, 'status', 'completionTime')
  return durationText((end ? new Date(end) : now).getTime() - new Date(start).getTime())
}

export const JOB_COLUMNS: Column[] = [
  NAME,
  text('Status', (object) => {
    const conditions = listAt(object, 'status', 'conditions').filter((condition) => at(condition, 'status') === 'True')
    return textAt(conditions.at(-1), 'type') || 'Running'
  }),
  text(
    'Completions',
    (object) => `${numberAt(object, 'status', 'succeeded')}/${numberAt(object, 'spec', 'completions')}`,
  ),
  text('Duration', jobDuration),
  AGE,
  CONTAINERS,
  IMAGES,
]

export const CRON_JOB_COLUMNS: Column[] = [
  NAME,
  text('Schedule', (object) => textAt(object, 'spec', 'schedule')),
  text('Timezone', (object) => orNone(textAt(object, 'spec', 'timeZone'))),
  text('Suspend', (object) => (at(object, 'spec', 'suspend') === true ? 'True' : 'False')),
  integer('Active', (object) => listAt(object, 'status', 'active').length),
  text('Last Schedule', (object, now) => {
    const last = textAt(object, 'status', 'lastScheduleTime')
    return last ? sinceText(last, now) : '<none>'
  }),
  AGE,
]
