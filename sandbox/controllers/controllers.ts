import type { Pod } from '../store/kinds.ts'
import { startAutoscaler } from './autoscaler/controller.ts'
import type { ControllerContext } from './context.ts'
import { startDeploymentController } from './deployment/controller.ts'
import { startEndpointsController } from './endpoints.ts'
import { startGarbageCollector } from './garbage-collector.ts'
import { type NodeLifecycle, startNodeLifecycle } from './node-lifecycle.ts'
import { createQuotaAdmission, startQuotaController } from './quota.ts'
import { startReplicaSetController } from './replica-set/controller.ts'
import { startScheduler } from './scheduler.ts'

const eventSweepMs = 300_000

export interface Controllers {
  nodes: NodeLifecycle
  stop(): void
}

/**
 * Starts everything that a control plane runs beside the API server.
 * @param cpuCores what a pod uses now, for the autoscaler
 */
export function startControllers(context: ControllerContext, cpuCores: (pod: Pod) => number | undefined): Controllers {
  const nodes = startNodeLifecycle(context)
  const sweep = context.clock.every(eventSweepMs, () => context.events.expire())
  const stops = [
    context.store.addAdmission(createQuotaAdmission(context.store)),
    startGarbageCollector(context),
    startDeploymentController(context),
    startReplicaSetController(context),
    startScheduler(context),
    startEndpointsController(context),
    startQuotaController(context),
    startAutoscaler(context, cpuCores),
    () => sweep.cancel(),
    () => nodes.stop(),
  ]
  return {
    nodes,
    stop: () => {
      for (const stop of stops) stop()
    },
  }
}
