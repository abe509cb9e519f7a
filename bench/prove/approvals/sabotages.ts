import type { Sabotage } from '../prover.ts'

const RIGHTS = 'operations/gate/rights.ts'
const REQUIREMENTS = 'operations/gate/requirements.ts'

const FAULTS: readonly Sabotage[] = [
  {
    name: 'self-approval',
    breaks: 'the check that nobody uses their own right for their own request',
    file: RIGHTS,
    find: 'if (!person.active || person.id === ask.requester) return []',
    replace: 'if (!person.active) return []',
  },
  {
    name: 'deny-ignored',
    breaks: 'deny rules',
    file: 'operations/gate/decide.ts',
    find: 'missingRight(question) ?? refusedByRule(question) ??',
    replace: 'missingRight(question) ??',
  },
  {
    name: 'everybody-deploys',
    breaks: 'the roles that a skill names',
    file: 'skills/deploy.ts',
    find: "allow: ['operator'],",
    replace: "allow: ['operator', 'viewer'],",
  },
  {
    name: 'hash-ignored',
    breaks: 'the comparison of the plan with what was approved, before the first step',
    file: 'operations/run/start.ts',
    find: 'if (!stillHolds(before, plan, house.policy.version)) {',
    replace: 'if (false) {',
  },
  {
    name: 'void-forgotten',
    breaks: 'voiding what was said to a plan when it changes',
    file: 'db/approvals.ts',
    find: '.set({ voidedAt: at, voidedBecause: because })',
    replace: '.set({ voidedBecause: because })',
  },
  {
    name: 'endless-delegation',
    breaks: 'the date until which approvals are lent',
    file: 'db/delegations.ts',
    find: '.values({ fromPerson: from, toPerson: to, until, operationId',
    replace: '.values({ fromPerson: from, toPerson: to, until: new Date(until.getTime() + 1e11), operationId',
  },
  {
    name: 'stale-yes',
    breaks: 'the time after which a yes no longer counts',
    file: REQUIREMENTS,
    find: 'yes.at.getTime() + rule.expiresMs > now.getTime()',
    replace: 'true',
  },
  {
    name: 'late-yes',
    breaks: 'the time after which nobody may approve a plan',
    file: 'operations/approve.ts',
    find: 'operation.expiresAt <= at.scene.now',
    replace: 'false',
  },
  {
    name: 'accounts-counted',
    breaks: 'counting persons, not the accounts they click from',
    file: REQUIREMENTS,
    find: 'const have = pairUp(rights)',
    replace: 'const have = fresh.length',
  },
  {
    name: 'one-right-twice',
    breaks: 'using each right once when a lender and their deputy both say yes',
    file: REQUIREMENTS,
    find: 'return rights.filter((_, approver) => place(approver, new Set())).length',
    replace: 'return rights.filter((own) => own.length > 0 || place(-1, new Set())).length',
  },
  {
    name: 'endless-glass',
    breaks: 'the time box of a broken glass',
    file: 'operations/gate/decide.ts',
    find: '!policy.breakGlass || breakGlass.until <= now',
    replace: '!policy.breakGlass',
  },
  {
    name: 'every-finger-counts',
    breaks: 'counting a second yes of one person as the first',
    file: 'operations/approve.ts',
    find: "if (stands.state !== 'approved' && saidBefore(",
    replace: 'if (false && saidBefore(',
  },
]

/** What is between a button that asks why and the door. */
export const CHAT_SABOTAGES: readonly Sabotage[] = [
  {
    name: 'dialog-unread',
    breaks: 'the reason that is written into a dialog of Slack',
    file: 'bot/slack/listen/dialogs.ts',
    find: 'reason: reasonFrom(view)',
    replace: 'reason: undefined',
    surface: 'slack',
  },
  {
    name: 'input-unread',
    breaks: 'the reason that is written on a card in Teams',
    file: 'bot/teams/receive/buttons.ts',
    find: "typeof data.reason === 'string' ? data[data.reason] : undefined",
    replace: 'undefined',
    surface: 'teams',
  },
]

/** What the laws, the matrix and the stories see, before chance. */
const RUNS = 25

export const SABOTAGES: readonly Sabotage[] = [...FAULTS, ...CHAT_SABOTAGES].map((fault) => ({ ...fault, runs: RUNS }))
