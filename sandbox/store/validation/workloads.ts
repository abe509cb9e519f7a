import type { FieldProblem } from '../errors.ts'
import { deepEqual } from '../immutable.ts'
import type { Deployment, LabelSelector, ReplicaSet } from '../kinds.ts'
import { matchesLabels, requirementsOf } from '../selectors.ts'
import { labelsProblems } from './names.ts'
import { podSpecProblems } from './pod.ts'
import { atLeastZero, missing, notAllowed, unsupported, wrong } from './problems.ts'

export function deploymentProblems({ spec }: Deployment, previous?: Deployment): FieldProblem[] {
  if (!spec) return [missing('spec')]
  const problems = [
    ...workloadProblems(spec, previous?.spec, 'deployment'),
    ...atLeastZero('spec.minReadySeconds', spec.minReadySeconds),
    ...atLeastZero('spec.revisionHistoryLimit', spec.revisionHistoryLimit),
    ...strategyProblems(spec.strategy),
  ]
  const deadline = spec.progressDeadlineSeconds
  if (deadline !== undefined && deadline <= (spec.minReadySeconds ?? 0)) {
    problems.push(wrong('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds'))
  }
  return problems
}

export function replicaSetProblems({ spec }: ReplicaSet, previous?: ReplicaSet): FieldProblem[] {
  if (!spec) return [missing('spec')]
  return [
    ...workloadProblems(spec, previous?.spec, 'replica set'),
    ...atLeastZero('spec.minReadySeconds', spec.minReadySeconds),
  ]
}

type WorkloadSpec = Pick<Deployment['spec'], 'replicas' | 'selector' | 'template'>

/** What every kind with a selector and a pod template has in common. */
export function workloadProblems(spec: WorkloadSpec, previous: WorkloadSpec | undefined, word: string): FieldProblem[] {
  const problems = [...atLeastZero('spec.replicas', spec.replicas), ...selectorProblems(spec, word)]
  if (previous && !deepEqual(previous.selector, spec.selector)) {
    problems.push(wrong('spec.selector', spec.selector, 'field is immutable'))
  }
  const labels = spec.template?.metadata?.labels
  problems.push(...labelsProblems('spec.template.metadata.labels', labels))
  problems.push(...podSpecProblems('spec.template.spec', spec.template?.spec))
  const restartPolicy = spec.template?.spec?.restartPolicy
  if (restartPolicy && restartPolicy !== 'Always') {
    problems.push(unsupported('spec.template.spec.restartPolicy', restartPolicy, ['Always']))
  }
  return problems
}

function selectorProblems(spec: WorkloadSpec, word: string): FieldProblem[] {
  const selector: LabelSelector | undefined = spec.selector
  if (!selector) return [missing('spec.selector')]
  const requirements = requirementsOf(selector)
  if (requirements.length === 0) return [wrong('spec.selector', selector, `empty selector is invalid for ${word}`)]
  const labels = spec.template?.metadata?.labels ?? {}
  if (matchesLabels(labels, requirements)) return []
  return [wrong('spec.template.metadata.labels', labels, '`selector` does not match template `labels`')]
}

function strategyProblems(strategy: Deployment['spec']['strategy']): FieldProblem[] {
  const field = 'spec.strategy'
  if (strategy?.type === 'Recreate') {
    const why = "may not be specified when strategy `type` is 'Recreate'"
    return strategy.rollingUpdate ? [notAllowed(`${field}.rollingUpdate`, why)] : []
  }
  if (strategy?.type !== 'RollingUpdate') {
    return [unsupported(`${field}.type`, strategy?.type ?? '', ['Recreate', 'RollingUpdate'])]
  }
  const { maxSurge = '25%', maxUnavailable = '25%' } = strategy.rollingUpdate ?? {}
  const problems = [
    ...countOrPercentProblems(`${field}.rollingUpdate.maxUnavailable`, maxUnavailable),
    ...countOrPercentProblems(`${field}.rollingUpdate.maxSurge`, maxSurge),
  ]
  if (
    problems.length === 0 &&
    Number.parseInt(String(maxUnavailable), 10) > 100 &&
    String(maxUnavailable).endsWith('%')
  ) {
    problems.push(wrong(`${field}.rollingUpdate.maxUnavailable`, maxUnavailable, 'must not be greater than 100%'))
  }
  if (isNothing(maxUnavailable) && isNothing(maxSurge)) {
    const why = 'may not be 0 when `maxSurge` is 0'
    problems.push(wrong(`${field}.rollingUpdate.maxUnavailable`, maxUnavailable, why))
  }
  return problems
}

const isNothing = (value: number | string) => Number.parseInt(String(value), 10) === 0

function countOrPercentProblems(field: string, value: number | string): FieldProblem[] {
  if (typeof value === 'number') return atLeastZero(field, value)
  if (/^\d+%$/.test(value)) return []
  return [
    wrong(
      field,
      value,
      "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
    ),
  ]
}
