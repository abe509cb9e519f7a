import type { KubeEvent } from '../store/kinds.ts'
import type { KubeObject } from '../store/types.ts'

/** Shows a stored core/v1 event as events.k8s.io/v1; field by field as the server converts it. */
export function toEventsV1(object: KubeObject): KubeObject {
  const event = object as KubeEvent // only events are shown through this view
  const { involvedObject, message, source, firstTimestamp, lastTimestamp, count, reportingComponent, ...rest } = event
  const controller = reportingComponent || source?.component
  return {
    ...rest,
    apiVersion: 'events.k8s.io/v1',
    eventTime: event.eventTime ?? null,
    regarding: involvedObject,
    ...(message === undefined ? {} : { note: message }),
    ...(controller ? { reportingController: controller } : {}),
    deprecatedSource: source ?? {},
    deprecatedFirstTimestamp: firstTimestamp ?? null,
    deprecatedLastTimestamp: lastTimestamp ?? null,
    ...(count === undefined ? {} : { deprecatedCount: count }),
  }
}

/** The other way round, for writers. */
export function fromEventsV1(object: KubeObject): KubeObject {
  const { regarding, note, reportingController, ...rest } = object
  const { deprecatedSource, deprecatedFirstTimestamp, deprecatedLastTimestamp, deprecatedCount, ...event } = rest
  return {
    ...event,
    apiVersion: 'v1',
    involvedObject: regarding ?? {},
    message: note,
    source: deprecatedSource ?? {},
    firstTimestamp: deprecatedFirstTimestamp,
    lastTimestamp: deprecatedLastTimestamp,
    count: deprecatedCount,
    reportingComponent: reportingController,
  }
}
