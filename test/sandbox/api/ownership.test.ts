import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StatusError } from '../../../sandbox/store/errors.ts'
import { applyObject } from '../../../sandbox/store/fields/apply.ts'
import { fromFieldsV1, paths } from '../../../sandbox/store/fields/field-set.ts'
import type { Deployment } from '../../../sandbox/store/kinds.ts'
import { ObjectStore } from '../../../sandbox/store/object-store.ts'

/** What one manager says at one moment: some labels and some environment variables. */
interface Say {
  manager: string
  how: 'apply' | 'force' | 'update'
  labels: Record<string, string>
  env: Record<string, string>
}

const values = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2'), { maxKeys: 3 })
const says = fc.array(
  fc.record<Say>({
    manager: fc.constantFrom('ci', 'person', 'quarterdeck'),
    how: fc.constantFrom('apply', 'apply', 'force', 'update'),
    labels: values,
    env: values,
  }),
  { minLength: 1, maxLength: 12 },
)

function newStore(): ObjectStore {
  let uids = 0
  const store = new ObjectStore({ now: () => new Date('2026-11-20T12:00:00Z'), uid: () => `uid-${++uids}` })
  store.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } })
  const base: Deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop' },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image: 'app:1' }] } },
    },
  }
  store.create('apps/deployments', base, { fieldManager: 'setup' })
  return store
}

const read = (store: ObjectStore): Deployment => {
  const found = store.get('apps/deployments', 'shop', 'web')
  if (!found) throw new Error('the deployment is gone')
  return found
}
const envOf = (deployment: Deployment) =>
  Object.fromEntries((deployment.spec.template.spec.containers[0]?.env ?? []).map(({ name, value }) => [name, value]))
const labelsOf = (deployment: Deployment) => deployment.metadata.labels ?? {}

/** Says it; @returns the conflict's fields where it was refused. */
function say(store: ObjectStore, { manager, how, labels, env }: Say): string[] {
  // As the API decodes them: an empty list or map is none.
  const list = Object.keys(env).length > 0 ? Object.entries(env).map(([name, value]) => ({ name, value })) : undefined
  const some = Object.keys(labels).length > 0 ? labels : undefined
  if (how === 'update') {
    store.modify(
      'apps/deployments',
      'shop',
      'web',
      (draft) => {
        draft.metadata.labels = some
        for (const container of draft.spec.template.spec.containers) container.env = list
      },
      { fieldManager: manager },
    )
    return []
  }
  const body = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', ...(some ? { labels: some } : {}) },
    spec: { template: { spec: { containers: [{ name: 'app', ...(list ? { env: list } : {}) }] } } },
  }
  try {
    applyObject(store, 'apps/deployments', body, { fieldManager: manager, force: how === 'force' })
    return []
  } catch (error) {
    if (!(error instanceof StatusError) || error.code !== 409) throw error
    return (error.status.details?.causes ?? []).map((cause) => cause.field ?? '')
  }
}

/** `.metadata.labels.a` → who owns it. */
function owners(deployment: Deployment, wanted: 'labels' | 'env', key: string): string[] {
  const path =
    wanted === 'labels'
      ? ['f:metadata', 'f:labels', `f:${key}`]
      : [
          'f:spec',
          'f:template',
          'f:spec',
          'f:containers',
          'k:{"name":"app"}',
          'f:env',
          `k:{"name":"${key}"}`,
          'f:value',
        ]
  return (deployment.metadata.managedFields ?? [])
    .filter((entry) => [...paths(fromFieldsV1(entry.fieldsV1))].some((owned) => owned.join('|') === path.join('|')))
    .map((entry) => `${entry.manager}/${entry.operation}`)
}

describe('field ownership over any sequence of writers', () => {
  it('keeps the promises of server-side apply', () => {
    fc.assert(
      fc.property(says, (sequence) => {
        const store = newStore()
        for (const step of sequence) {
          const before = read(store)
          const refused = say(store, step)
          const after = read(store)
          if (refused.length > 0) {
            // A refusal changes nothing, and every field it names is held by somebody else at another value.
            expect(after).toBe(before)
            for (const field of refused) {
              const key = /(?:labels\.|name=")([abc])(?:"\]\.value)?$/.exec(field)?.[1] ?? ''
              const part = field.includes('labels') ? 'labels' : 'env'
              const held = part === 'labels' ? labelsOf(before)[key] : envOf(before)[key]
              expect(held).not.toBe(step[part][key])
              expect(owners(before, part, key).some((owner) => owner !== `${step.manager}/Apply`)).toBe(true)
            }
            continue
          }
          for (const part of ['labels', 'env'] as const) {
            const live = part === 'labels' ? labelsOf(after) : envOf(after)
            // What was said is so, and an applier owns it.
            expect(live).toMatchObject(step[part])
            if (step.how !== 'update') {
              for (const key of Object.keys(step[part]))
                expect(owners(after, part, key)).toContain(`${step.manager}/Apply`)
            }
            for (const key of ['a', 'b', 'c']) {
              const held = owners(after, part, key)
              // Nothing is owned that is not there, and here nothing is there that nobody owns.
              expect([key, held.length > 0]).toEqual([key, live[key] !== undefined])
              // An applier that stopped naming a field does not own it any more.
              if (step.how !== 'update' && step[part][key] === undefined)
                expect(held).not.toContain(`${step.manager}/Apply`)
            }
          }
          // Saying it again changes nothing, not even the version.
          say(store, step)
          expect(read(store).metadata.resourceVersion).toBe(after.metadata.resourceVersion)
        }
      }),
      { numRuns: 300 },
    )
  })
})
