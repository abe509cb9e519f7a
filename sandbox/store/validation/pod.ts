import type { FieldProblem } from '../errors.ts'
import { deepEqual } from '../immutable.ts'
import type { Container, Pod, PodSpec, Probe } from '../kinds.ts'
import { parseQuantity } from '../quantity.ts'
import { labelNameProblems } from './names.ts'
import { atLeastZero, duplicate, missing, notAllowed, unsupported, wrong } from './problems.ts'

export function podSpecProblems(field: string, spec: PodSpec | undefined): FieldProblem[] {
  if (!spec?.containers?.length) return [missing(`${field}.containers`)]
  const problems = [
    ...containerListProblems(`${field}.containers`, spec.containers),
    ...containerListProblems(`${field}.initContainers`, spec.initContainers ?? []),
    ...atLeastZero(`${field}.terminationGracePeriodSeconds`, spec.terminationGracePeriodSeconds),
  ]
  const policies = ['Always', 'OnFailure', 'Never']
  if (spec.restartPolicy && !policies.includes(spec.restartPolicy)) {
    problems.push(unsupported(`${field}.restartPolicy`, spec.restartPolicy, policies))
  }
  const volumes = new Set((spec.volumes ?? []).map((volume) => volume.name))
  for (const [index, container] of spec.containers.entries()) {
    for (const [mount, { name }] of (container.volumeMounts ?? []).entries()) {
      if (volumes.has(name)) continue
      const path = `${field}.containers[${index}].volumeMounts[${mount}].name`
      problems.push({ field: path, reason: 'FieldValueInvalid', message: `Not found: ${JSON.stringify(name)}` })
    }
  }
  return problems
}

function containerListProblems(field: string, containers: Container[]): FieldProblem[] {
  const names = new Set<string>()
  return containers.flatMap((container, index) => {
    const problems = containerProblems(`${field}[${index}]`, container)
    if (names.has(container.name)) problems.push(duplicate(`${field}[${index}].name`, container.name))
    names.add(container.name)
    return problems
  })
}

function containerProblems(field: string, container: Container): FieldProblem[] {
  const problems = container.name ? labelNameProblems(`${field}.name`, container.name) : [missing(`${field}.name`)]
  if (!container.image) problems.push(missing(`${field}.image`))
  else if (container.image !== container.image.trim()) {
    problems.push(wrong(`${field}.image`, container.image, 'must not have leading or trailing whitespace'))
  }
  const policies = ['Always', 'IfNotPresent', 'Never']
  if (container.imagePullPolicy && !policies.includes(container.imagePullPolicy)) {
    problems.push(unsupported(`${field}.imagePullPolicy`, container.imagePullPolicy, policies))
  }
  for (const [index, { containerPort }] of (container.ports ?? []).entries()) {
    problems.push(...portProblems(`${field}.ports[${index}].containerPort`, containerPort))
  }
  for (const [index, variable] of (container.env ?? []).entries()) {
    if (!variable.name) problems.push(missing(`${field}.env[${index}].name`))
  }
  problems.push(...resourceProblems(`${field}.resources`, container.resources))
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
    const probe = container[name]
    if (probe) problems.push(...probeProblems(`${field}.${name}`, probe, name !== 'readinessProbe'))
  }
  return problems
}

export function portProblems(field: string, port: number | undefined): FieldProblem[] {
  if (port === undefined) return [missing(field)]
  return port < 1 || port > 65535 ? [wrong(field, port, 'must be between 1 and 65535, inclusive')] : []
}

function resourceProblems(field: string, resources: Container['resources']): FieldProblem[] {
  const problems: FieldProblem[] = []
  for (const side of ['limits', 'requests'] as const) {
    for (const [name, text] of Object.entries(resources?.[side] ?? {})) {
      problems.push(...quantityProblems(`${field}.${side}[${name}]`, text))
    }
  }
  if (problems.length > 0) return problems
  for (const [name, text] of Object.entries(resources?.requests ?? {})) {
    const limit = resources?.limits?.[name]
    if (limit === undefined || parseQuantity(text) <= parseQuantity(limit)) continue
    problems.push(wrong(`${field}.requests`, text, `must be less than or equal to ${name} limit of ${limit}`))
  }
  return problems
}

export function quantityProblems(field: string, text: string): FieldProblem[] {
  const value = parseQuantity(text)
  if (Number.isNaN(value)) {
    const pattern = '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'
    return [wrong(field, text, `quantities must match the regular expression '${pattern}'`)]
  }
  return value < 0 ? [wrong(field, text, 'must be greater than or equal to 0')] : []
}

function probeProblems(field: string, probe: Probe, succeedsOnce: boolean): FieldProblem[] {
  const handlers = [probe.httpGet, probe.tcpSocket, probe.exec, probe.grpc].filter((handler) => handler !== undefined)
  const problems: FieldProblem[] = []
  if (handlers.length === 0) problems.push(missing(field, 'must specify a handler type'))
  if (handlers.length > 1) problems.push(notAllowed(field, 'may not specify more than 1 handler type'))
  const counts = [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ] as const
  for (const name of counts) problems.push(...atLeastZero(`${field}.${name}`, probe[name]))
  if (succeedsOnce && (probe.successThreshold ?? 1) !== 1) {
    problems.push(wrong(`${field}.successThreshold`, probe.successThreshold, 'must be 1'))
  }
  return problems
}

const POD_CHANGE_SENTENCE =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'

/** A pod's spec is fixed but for its images, its deadline and its tolerations; the scheduler may give it a node once. */
export function podChangeProblems(previous: Pod, next: Pod): FieldProblem[] {
  const frozen = ({ spec }: Pod): unknown => ({
    ...spec,
    nodeName: undefined,
    activeDeadlineSeconds: undefined,
    tolerations: undefined,
    containers: spec.containers?.map((container) => ({ ...container, image: '' })),
    initContainers: spec.initContainers?.map((container) => ({ ...container, image: '' })),
  })
  const moved = previous.spec.nodeName !== undefined && previous.spec.nodeName !== next.spec.nodeName
  return moved || !deepEqual(frozen(previous), frozen(next)) ? [notAllowed('spec', POD_CHANGE_SENTENCE)] : []
}
