import { describe, expect, it } from 'vitest'
import { said } from './wharf.ts'

/** The values alone: whether the sentence is a request is for other tests. */
const cases: readonly (readonly [skill: string, input: object, ...texts: string[]])[] = [
  // Counts
  [
    'autoscale',
    { service: 'manifest', environment: 'canal', min: 2, max: 6 },
    'let manifest in canal scale itself from 2 to 6 replicas',
    'autoscale manifest in canal between two and six',
    'keep manifest at min 2 and max 6 in canal',
    'at least 2, at most 6 pods of manifest in canal',
    'autoscaling for manifest canal 2-6',
    'manifest in canal should have a minimum of 2 and a maximum of 6',
  ],
  [
    'scale',
    { service: 'manifest', environment: 'canal', replicas: 5 },
    'scale manifest from 3 to 5 in canal',
    'manifest in canal back to 5',
    'five replicas of manifest in canal please',
  ],
  [
    'scale',
    { service: 'manifest', environment: 'canal', replicas: '+2' },
    'scale manifest up by two in canal',
    'two more pods for manifest in canal',
    'add a couple more manifest pods in canal',
  ],
  [
    'scale',
    { service: 'manifest', environment: 'canal', replicas: '-1' },
    'one fewer manifest in canal',
    'scale manifest down by 1 in canal',
  ],
  ['scale', { service: 'manifest', environment: 'canal', replicas: 1 }, 'a single pod of manifest in canal'],
  ['scale', { service: 'manifest', environment: 'canal', replicas: 6 }, 'half a dozen replicas of manifest in canal'],
  ['scale', { service: 'manifest', environment: 'canal', replicas: 12 }, 'a dozen manifest pods in canal'],
  [
    'scale',
    { service: 'manifest', environment: 'canal', replicas: 'x2' },
    'twice as many pods of manifest in canal',
    'manifest in canal up by 100%',
  ],
  ['scale', { service: 'manifest', environment: 'canal', replicas: 'x1.5' }, 'scale manifest up by 50% in canal'],
  [
    'scale',
    { service: 'manifest', environment: 'canal', replicas: 'x0.5' },
    'half as many manifest pods in canal',
    'reduce manifest by 50 percent in canal',
    'scale manifest in canal to 50%',
  ],
  [
    'scale',
    { service: 'manifest', environment: 'canal', replicas: 4, for: '90m' },
    'manifest to 4 in canal for an hour and a half',
  ],
  [
    'scale',
    { service: 'manifest', environment: 'canal', replicas: 4, for: '534m' },
    'manifest to 4 in canal for the rest of the day',
    'manifest to 4 in canal until the end of the day',
  ],
  ['lock', { service: 'manifest', environment: 'canal', for: '175m' }, 'lock manifest in canal till 6pm'],
  ['lock', { service: 'manifest', environment: 'canal', for: '1075m' }, 'lock manifest in canal until tomorrow 9:00'],
  [
    'logs',
    { service: 'manifest', environment: 'canal', since: '1h5m' },
    'logs of manifest in canal since 14:00',
    'manifest logs in canal since 2pm',
  ],
  [
    'logs',
    { service: 'manifest', environment: 'canal', since: '15h5m' },
    "today's logs of manifest in canal",
    'logs of manifest in canal today',
  ],
  ['logs', { service: 'manifest', environment: 'canal', since: '1h' }, 'logs of manifest in canal for the past hour'],
  [
    'logs',
    { service: 'manifest', environment: 'canal', since: '20m' },
    'manifest logs from the last 20 minutes in canal',
  ],
  // Versions
  [
    'deploy',
    { service: 'manifest', environment: 'canal', version: '@basin' },
    'deploy what runs in basin to canal for manifest',
    "put the version that's in pre-harbour on canal for manifest",
    'deploy the same version of manifest as basin to canal',
    'ship whatever is on basin to canal, manifest',
    'deploy manifest from basin to canal',
    'manifest in canal should get what basin has',
    'deploy manifest to canal with the basin version',
  ],
  [
    'deploy',
    { service: 'manifest', environment: 'canal', version: 'v2.3.0-rc.1' },
    'deploy manifest v2.3.0-rc.1 to canal',
    'put `v2.3.0-rc.1` of `manifest` on canal, see https://ci.example/1.9.9/crane-control',
    'deploy manifest v2.3.0-rc.1 to canal <https://ci.example/b/7|build 7 of crane-control in basin>',
  ],
  ['deploy', { service: 'manifest', environment: 'canal', version: '2026.11.3' }, 'ship manifest 2026.11.3 to canal'],
  [
    'deploy',
    { service: 'manifest', environment: 'canal', version: `sha256:${'ab'.repeat(32)}` },
    `deploy manifest@sha256:${'ab'.repeat(32)} to canal`,
  ],
  [
    'deploy',
    { service: 'manifest', environment: 'canal', version: 'feature-x' },
    'deploy `feature-x` of manifest to canal',
    'deploy tag feature-x of manifest to canal',
  ],
  // Names
  [
    'restart',
    { service: 'crane-control', environment: 'harbour-us' },
    'restart Crane Control in US',
    'bounce crane_control in the us environment',
    'restart craneControl on harbour us',
    "restart prod-us' crane-control",
  ],
  [
    'restart',
    { service: ['manifest', 'tide-tables'], environment: 'canal' },
    'restart manifest and tides in canal',
    'restart manifest & tide-tables in canal',
    'restart both manifest and the tide tables in canal',
  ],
  [
    'restart',
    { service: ['manifest', 'tide-tables', 'crane-control'], environment: ['canal', 'basin'] },
    'restart manifest, tides and crane-control in canal and basin',
  ],
  ['restart', { service: 'manifest', environment: ['canal', 'basin'] }, 'restart manifest in canal and in basin'],
  [
    'promote',
    { service: 'manifest', from: 'canal', to: 'basin' },
    'promote manifest from canal to basin',
    'take what runs in canal for manifest to basin',
    'bring manifest to basin from canal',
    'promote manifest canal -> basin',
    'promote manifest canal to basin',
  ],
  [
    'delegate',
    { person: 'marek', until: '2026-11-20T18:00:00+01:00' },
    'let <@U0MAREK01> approve for me until friday 18:00 CET',
  ],
  [
    'runbook',
    { name: 'drain-quay', variables: { pool: 'blue', n: '3' } },
    'run the runbook drain-quay with pool=blue and n=3',
    'start the drain-quay runbook, pool=blue n=3',
  ],
]

describe('counts, versions and names in plain sentences', () => {
  it.each(cases.map(([skill, input, ...texts]) => ({ skill, input, texts })))(
    '$skill $input',
    ({ skill, input, texts }) => {
      for (const text of texts) {
        const found = said(skill, text)
        expect(found.input, text).toEqual(input)
        expect([...found.missing, ...found.ambiguous, ...found.invalid], text).toEqual([])
      }
    },
  )
})
