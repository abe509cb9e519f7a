import type { PersonId } from '../../core/ids.ts'
import type { Person } from '../../core/person.ts'
import type { Plan, Target } from '../../core/plan.ts'
import type { GateQuestion } from '../../operations/gate/question.ts'
import { CATALOG, CREW, person, policy } from './crew.ts'

export const NOW = new Date('2026-11-20T10:00:00.000Z')

export function plan(targets: readonly Target[], change: Partial<Plan> = {}): Plan {
  return {
    skill: 'dial',
    skillVersion: 1,
    input: {},
    risk: 'write',
    targets,
    summary: 'Turn the dial',
    changes: [],
    preconditions: [],
    undo: { impossible: 'no' },
    steps: [],
    evidence: [],
    warnings: [],
    ...change,
  }
}

export const who = (id: string): Person => CREW.find((one) => one.id === id) ?? person(id, [])
export const yes = (...ids: string[]) => ids.map((id) => ({ personId: id as PersonId, at: NOW }))

export function ask(change: Partial<GateQuestion> = {}): GateQuestion {
  return {
    plan: plan([{ service: 'checkout', environment: 'dev' }]),
    skill: { name: 'dial', allow: ['operator'] },
    person: who('mira'),
    people: CREW,
    delegations: [],
    policy: policy(),
    locks: [],
    halted: undefined,
    modes: { everywhere: 'review', scoped: [] },
    catalog: CATALOG,
    now: NOW,
    plannedAt: NOW,
    approvals: [],
    ...change,
  }
}

/** A skill that never asks for another person. */
export const stop = (name: string) => ({ name, allow: ['operator'] as const, inline: true, needsNoApproval: true })

export const production = plan([{ service: 'checkout', environment: 'production' }])
