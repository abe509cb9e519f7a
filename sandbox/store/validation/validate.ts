import { type FieldProblem, invalid } from '../errors.ts'
import { deepEqual, recordAt } from '../immutable.ts'
import type { Deployment, HorizontalPodAutoscaler, Pod, ReplicaSet, ResourceQuota, Service } from '../kinds.ts'
import { resourceKey } from '../resources.ts'
import type { KubeObject, ResourceType } from '../types.ts'
import { labelNameProblems, metadataProblems, serviceNameProblems, subdomainProblems } from './names.ts'
import { podChangeProblems, podSpecProblems, portProblems, quantityProblems } from './pod.ts'
import { missing, wrong } from './problems.ts'
import { deploymentProblems, replicaSetProblems, workloadProblems } from './workloads.ts'

type Rule = (object: KubeObject, previous?: KubeObject) => FieldProblem[]

const RULES: Record<string, Rule> = {
  // The casts: each rule's resource holds that kind only.
  pods: (object, previous) => podProblems(object as Pod, previous as Pod | undefined),
  services: (object, previous) => serviceProblems(object as Service, previous as Service | undefined),
  resourcequotas: (object) => quotaProblems(object as ResourceQuota),
  'apps/deployments': (object, previous) =>
    deploymentProblems(object as Deployment, previous as Deployment | undefined),
  'apps/replicasets': (object, previous) =>
    replicaSetProblems(object as ReplicaSet, previous as ReplicaSet | undefined),
  'apps/statefulsets': (object, previous) => storedWorkloadProblems(object, previous, 'statefulset'),
  'apps/daemonsets': (object, previous) => storedWorkloadProblems(object, previous, 'daemonset'),
  'autoscaling/horizontalpodautoscalers': (object) => autoscalerProblems(object as HorizontalPodAutoscaler),
  'policy/poddisruptionbudgets': disruptionBudgetProblems,
}

const NAME_RULES: Record<string, typeof subdomainProblems> = {
  namespaces: labelNameProblems,
  services: serviceNameProblems,
}

/** @throws 422 Invalid with every problem as a cause */
export function validate(type: ResourceType, object: KubeObject, previous?: KubeObject): void {
  const resource = resourceKey(type)
  const problems = [
    ...metadataProblems(object.metadata, NAME_RULES[resource] ?? subdomainProblems),
    ...(RULES[resource]?.(object, previous) ?? []),
  ]
  if (problems.length > 0) throw invalid(type.kind, type.group, object.metadata.name ?? '', problems)
}

function podProblems(pod: Pod, previous?: Pod): FieldProblem[] {
  return previous ? podChangeProblems(previous, pod) : podSpecProblems('spec', pod.spec)
}

function storedWorkloadProblems(object: KubeObject, previous: KubeObject | undefined, word: string): FieldProblem[] {
  // Decoded by its schema, so the shared parts have their types.
  const spec = object.spec as Deployment['spec'] | undefined
  const before = previous?.spec as Deployment['spec'] | undefined
  return spec ? workloadProblems(spec, before, word) : [missing('spec')]
}

function serviceProblems({ spec }: Service, previous?: Service): FieldProblem[] {
  if (!spec) return [missing('spec')]
  const problems: FieldProblem[] = []
  if (!spec.ports?.length && spec.type !== 'ExternalName' && spec.clusterIP !== 'None')
    problems.push(missing('spec.ports'))
  const several = (spec.ports?.length ?? 0) > 1
  for (const [index, port] of (spec.ports ?? []).entries()) {
    problems.push(...portProblems(`spec.ports[${index}].port`, port.port))
    if (several && !port.name) problems.push(missing(`spec.ports[${index}].name`))
  }
  if (previous?.spec.clusterIP && !deepEqual(previous.spec.clusterIP, spec.clusterIP)) {
    problems.push(wrong('spec.clusterIP', spec.clusterIP ?? '', 'may not change once set'))
  }
  return problems
}

function quotaProblems({ spec }: ResourceQuota): FieldProblem[] {
  return Object.entries(spec?.hard ?? {}).flatMap(([name, text]) => quantityProblems(`spec.hard[${name}]`, text))
}

function autoscalerProblems({ spec }: HorizontalPodAutoscaler): FieldProblem[] {
  if (!spec) return [missing('spec')]
  const problems: FieldProblem[] = []
  const minimum = spec.minReplicas ?? 1
  if (minimum < 1) problems.push(wrong('spec.minReplicas', minimum, 'must be greater than or equal to 1'))
  if (!(spec.maxReplicas >= 1))
    problems.push(wrong('spec.maxReplicas', spec.maxReplicas ?? 0, 'must be greater than 0'))
  else if (spec.maxReplicas < minimum) {
    problems.push(wrong('spec.maxReplicas', spec.maxReplicas, 'must be greater than or equal to `minReplicas`'))
  }
  if (!spec.scaleTargetRef?.kind) problems.push(missing('spec.scaleTargetRef.kind'))
  if (!spec.scaleTargetRef?.name) problems.push(missing('spec.scaleTargetRef.name'))
  return problems
}

function disruptionBudgetProblems(object: KubeObject): FieldProblem[] {
  const { minAvailable, maxUnavailable } = recordAt(object, 'spec')
  if (minAvailable === undefined || maxUnavailable === undefined) return []
  return [wrong('spec', { minAvailable, maxUnavailable }, 'minAvailable and maxUnavailable cannot be both set')]
}
