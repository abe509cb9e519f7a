import { expect, test } from 'vitest'
import { createGuide } from '../../../bot/understand/guide.ts'
import type { Grant } from '../../../core/person.ts'
import deploy from '../../../skills/deploy.ts'
import lock from '../../../skills/lock.ts'
import resume from '../../../skills/resume.ts'
import status from '../../../skills/status.ts'
import { catalog, fakeWorld } from '../../skills/fake-context.ts'

const guide = createGuide({ skills: [deploy, lock, resume, status], catalog: () => catalog })
const withGrants = (...grants: Grant[]) => guide.for({ ...fakeWorld().person, grants })
const operator: Grant = { role: 'operator', environments: ['staging'], teams: ['*'] }

test('only what the person may do is shown, and where', () => {
  expect(withGrants(operator).map(({ name }) => name)).toEqual(['deploy', 'lock', 'status'])
  expect(withGrants({ ...operator, role: 'viewer' }).map(({ name }) => name)).toEqual(['status'])
  expect(withGrants()).toEqual([])
  expect(withGrants(operator)[0]?.where).toEqual(['staging'])
})

test('examples would work: their names are in the catalog, and in an environment of the person', () => {
  const [forDeploy, forLock] = withGrants(operator)
  expect(forDeploy?.examples).toEqual(['deploy checkout 1.4.2 to staging'])
  // None of the skill's own examples fits here, so one is made with real names.
  expect(forLock?.examples).toEqual(['lock checkout staging'])
})

test('a leaver is shown nothing', () => {
  expect(guide.for({ ...fakeWorld().person, active: false })).toEqual([])
})
