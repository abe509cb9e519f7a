import { z } from 'zod'
import { ROLES, type Role } from '../../core/person.ts'
import type { Phase, StoredStep } from '../../db/steps.ts'

const detail = z.object({
  says: z.string(),
  role: z.enum(ROLES),
  choices: z.array(
    z.object({ value: z.string(), label: z.string(), style: z.enum(['primary', 'danger', 'plain']).optional() }),
  ),
})

export interface OpenDecision {
  readonly name: string
  readonly phase: Phase
  readonly says: string
  readonly role: Role
  readonly choices: z.output<typeof detail>['choices']
}

/** The question a run is waiting on, when it is. */
export function openDecision(steps: readonly StoredStep[]): OpenDecision | undefined {
  const step = steps.find((candidate) => candidate.kind === 'decide' && candidate.state === 'intent')
  return step && { name: step.name, phase: step.phase, ...detail.parse(step.detail) }
}
