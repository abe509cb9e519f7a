import { expect, test } from 'vitest'
import { sayTogether, undoTogether } from '../../operations/several/combine.ts'
import { collapse, sayRequests } from '../../operations/several/expand.ts'

test.each([
  [['Restart cart in staging', 'Restart search in staging'], 'Restart cart and search in staging'],
  [['Restart cart in staging', 'Restart cart in dev'], 'Restart cart in staging and dev'],
  [
    ['Scale cart in dev from 3 to 5', 'Scale search in dev from 2 to 5'],
    'Scale cart in dev from 3 to 5 and search in dev from 2 to 5',
  ],
  [
    ['Restart a in dev', 'Restart a in qa', 'Restart b in dev', 'Restart b in qa'],
    'Restart a in dev, a in qa, b in dev and b in qa',
  ],
  [['Deploy a 1 to dev', 'Restart b in dev'], 'Deploy a 1 to dev and Restart b in dev'],
  [['Lock a', 'Lock a b'], 'Lock a and Lock a b'],
])('%j are said as one', (summaries, says) => {
  expect(sayTogether(summaries)).toBe(says)
})

test('the undo of several names what stays', () => {
  const undo = { skill: 'scale', input: { service: 'a' }, says: 'Back to 3' }
  const stays = { impossible: 'Gone is gone.' }
  expect(undoTogether([{ label: 'a', undo: stays }])).toEqual({ impossible: 'Gone is gone.' })
  expect(
    undoTogether([
      { label: 'a', undo },
      { label: 'b', undo: stays },
    ]),
  ).toEqual({ ...undo, says: 'a: Back to 3 (b cannot be undone)' })
  expect(
    undoTogether([
      { label: 'a', undo },
      { label: 'b', undo: stays },
      { label: 'c', undo },
    ]),
  ).toEqual({
    skill: 'several',
    input: {
      parts: [
        { skill: 'scale', input: { service: 'a' } },
        { skill: 'scale', input: { service: 'a' } },
      ],
    },
    says: 'Take back a and c (b cannot be undone)',
  })
})

test('parts are asked for as one request while they are every service in every environment, else one by one', () => {
  const part = (service: string, environment: string, replicas = 3) => ({
    skill: 'scale',
    input: { service, environment, replicas },
  })
  expect(sayRequests([part('a', 'dev'), part('b', 'dev')])).toEqual(['scale a, b in dev replicas=3'])
  expect(sayRequests([part('a', 'dev'), part('b', 'qa')])).toEqual([
    'scale a in dev replicas=3',
    'scale b in qa replicas=3',
  ])
  // What is not the same for all cannot be said for all.
  expect(collapse([part('a', 'dev', 3), part('b', 'dev', 4)])).toMatchObject({ differ: ['replicas'] })
  expect(sayRequests([part('a', 'dev', 3), part('b', 'dev', 4)])).toEqual([
    'scale a in dev replicas=3',
    'scale b in dev replicas=4',
  ])
  expect(sayRequests([{ skill: 'lock', input: { service: 'a', environment: 'dev', reason: 'load test' } }])).toEqual([
    'lock a in dev reason="load test"',
  ])
})
