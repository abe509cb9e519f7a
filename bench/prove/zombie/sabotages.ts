import type { Sabotage } from '../prover.ts'

// A step that is begun twice the ledger's key refuses as well as the fence, so to put the fence off there shows nothing.
export const ZOMBIE_SABOTAGES: readonly Sabotage[] = [
  {
    name: 'fence-off',
    breaks: 'a step is only finished while the claim holds',
    file: 'db/steps.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source text.
    find: 'select id from quarterdeck.operations where id = ${key.operationId} and fence = ${end.fence} for update',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source text.
    replace: 'select id from quarterdeck.operations where id = ${key.operationId} for update',
    // A row that the successor has finished is refused too, so the fence alone would show only between its probe and its result.
    also: { file: 'db/steps.ts', find: " and state = 'intent'\n    returning name", replace: '\n    returning name' },
    runs: 12,
  },
  {
    name: 'fence-off-end',
    breaks: 'an end is only written while the claim holds',
    file: 'db/moves.ts',
    find: "where operation.fence = (was->>'fence')::bigint and operation.cancel_at is null",
    replace: 'where operation.cancel_at is null',
    runs: 12,
  },
  {
    name: 'precondition-off',
    breaks: 'a write outside rests on the version that was read',
    file: 'clients/kubernetes/owned-fields.ts',
    find: '      resourceVersion: metadata.resourceVersion,\n',
    replace: '',
    runs: 12,
  },
]
