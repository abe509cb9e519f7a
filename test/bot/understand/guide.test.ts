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

test('only what the person may do is shown, and where', async () => {
  expect((await withGrants(operator)).map(({ name }) => name)).toEqual(['deploy', 'lock', 'status'])
  expect((await withGrants({ ...operator, role: 'viewer' })).map(({ name }) => name)).toEqual(['status'])
  expect(await withGrants()).toEqual([])
  expect((await withGrants(operator))[0]?.where).toEqual(['staging'])
})

test('examples would work: their names are in the catalog, and in an environment of the person', async () => {
  const [forDeploy, forLock] = await withGrants(operator)
  expect(forDeploy?.examples).toEqual(['deploy checkout 1.4.2 to staging'])
  // None of the skill's own examples fits here, so one is made with real names.
  expect(forLock?.examples).toEqual(['lock checkout staging'])
})

test('a leaver is shown nothing', async () => {
  expect(await guide.for({ ...fakeWorld().person, active: false })).toEqual([])
})

test('reading the examples lets others have a turn after each', async () => {
  const examples = [deploy, lock, resume, status].flatMap((skill) => skill.examples).length
  let turns = 0
  let reading = true
  const count = () => {
    turns += 1
    if (reading) setImmediate(count)
  }
  setImmediate(count)
  const fresh = createGuide({ skills: [deploy, lock, resume, status], catalog: () => ({ ...catalog }) })
  await fresh.for({ ...fakeWorld().person, grants: [operator] })
  reading = false
  expect(turns).toBeGreaterThanOrEqual(examples - 1)
})
