import { describe, expect, it } from 'vitest'
import { said } from './wharf.ts'

/** The values alone: whether the sentence is a request is for other tests. */
const cases: readonly (readonly [skill: string, input: object, ...texts: string[]])[] = [
  [
    'incident',
    { id: 'INC-142' },
    'what do we know about incident #142?',
    'show me inc142',
    'details of INC-142 please',
    'open `INC-142` for me',
    'incident number 142',
  ],
  ['acknowledge', { incident: 'INC-142' }, 'ack 142', 'acknowledge #142', 'I am on inc-142'],
  ['resolve', { incident: 'INC-9', reason: 'the crane works again' }, 'close incident 9 because the crane works again'],
  ['explain', { id: 'op-7f3k9m2q' }, 'why did op-7f3k9m2q fail', 'tell me about operation 7F3K9M2Q'],
  ['explain', { id: 'INC-3' }, 'explain what went wrong in inc 3'],
  // Money, scope
  [
    'budget',
    { scope: 'docks', amount: '3000 USD', period: 'month' },
    'set the budget of the docks team to 3000 dollars a month',
    'the docks team may spend $3k per month',
    'give docks a monthly budget of 3,000 USD',
    'cap docks at US$3,000/month',
  ],
  [
    'budget',
    { scope: 'manifest', amount: '1200000 EUR', period: 'year' },
    'limit manifest to 1.2 million euros a year',
    'yearly budget of 1.200.000 € for manifest',
  ],
  [
    'budget',
    { scope: 'all', amount: '250 GBP', period: 'week' },
    'budget for everything: 250 quid a week',
    'set a budget of two hundred and fifty pounds per week for everything',
  ],
  ['budget', { scope: 'canal', amount: '5000', period: 'quarter' }, 'budget for canal, five thousand per quarter'],
  // Periods
  [
    'costs',
    { scope: 'manifest', period: 'last-month' },
    'how much did manifest cost last month',
    'what did we spend on manifest in the previous month?',
  ],
  [
    'costs',
    { period: 'this-week', compare: 'last-week' },
    'how much did we spend this week compared to last week',
    'spend of this week vs. last week',
  ],
  [
    'costs',
    { scope: 'docks', period: '2026-10', compare: '2026-09' },
    'compare october with september for the docks team',
    'costs of docks in october against september',
  ],
  [
    'costs',
    { period: 'this-month', compare: 'previous' },
    'costs month to date compared to the previous period',
    'what did we spend so far this month versus the month before',
  ],
  ['costs', { compare: 'previous' }, 'costs week over week'],
  ['costs', { period: '30d' }, 'costs of the last 30 days', 'what did everything cost over the past 30 days'],
  ['costs', { period: '2026-07-01/2026-09-30' }, 'what did q3 cost us', 'spend in the third quarter'],
  ['costs', { period: 'yesterday' }, 'what did we spend yesterday'],
  [
    'forecast',
    { what: 'load', service: 'tide-tables', period: '7d' },
    'how much traffic will tides get in the next 7 days',
  ],
  ['forecast', { what: 'cost', period: '2027-03' }, 'what will our bill be in march'],
  // Schedules, channels
  [
    'digest',
    { kind: 'deploys', when: 'weekdays 17:00', channel: '#quay' },
    'send a digest of deploys to #quay every weekday at 17:00',
    'post releases at 5pm on weekdays in <#C012AB3CD|quay>',
    'every weekday at 5 in the evening post a summary of deployments to the quay channel',
  ],
  [
    'digest',
    { kind: 'costs', when: 'monday 08:30' },
    'send the cost digest mondays at 8:30',
    'a summary of spend every monday at half past eight',
  ],
  [
    'digest',
    { kind: 'incidents', when: 'daily 09:00' },
    'incident summary every day at 9',
    'each day at 9am tell us about incidents',
    'daily at nine am incidents',
  ],
  ['digest', { kind: 'alerts', when: 'hourly' }, 'alerts digest every hour'],
  [
    'digest',
    { kind: 'operations', when: 'monthly' },
    'a digest of operations on the first of the month',
    'operations once a month',
  ],
  ['digest', { kind: 'alerts', when: 'now' }, 'give us an alert digest right now'],
  // Choices
  [
    'alerts',
    { severity: 'critical', service: 'manifest' },
    'which critical alerts are firing for manifest?',
    'crit alerts of manifest',
  ],
  ['incidents', { status: 'open' }, 'which incidents are still ongoing', 'unresolved incidents'],
  [
    'declare',
    { severity: 'sev1', title: 'no crane moves' },
    'declare a sev 1: no crane moves',
    'open a P1 incident titled "no crane moves"',
    'declare an incident: no crane moves, severity one',
    'raise a critical incident called no crane moves',
    'sev-1 incident, no crane moves',
  ],
  [
    'declare',
    { severity: 'sev2', title: 'high waves in the basin', service: 'crane-control' },
    'declare a sev2 for crane-control: high waves in the basin',
    'open a sev2 for crane-control, high waves in the basin',
  ],
  // Pages
  [
    'page',
    { person: 'marek', message: 'the quay is full' },
    'page marek: the quay is full',
    'page <@U0MAREK01>, the quay is full',
    'page Marek Novy saying that the quay is full',
    'call marek and tell him "the quay is full"',
  ],
  ['page', { person: 'joao', message: 'come' }, 'page Joao Prado: come', 'page João: come.'],
  [
    'page',
    { service: 'manifest', message: 'see https://x.example/restart/crane-control in canal' },
    'page whoever is on call for manifest: see https://x.example/restart/crane-control in canal',
  ],
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

describe('values in plain sentences', () => {
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

describe('what is said unclearly', () => {
  it.each([
    ['restart', 'restart manifest in canal or basin', 'environment'],
    ['restart', 'restart manifest or tides in canal', 'service'],
    ['restart', 'restart manifest in prod', 'environment'],
    ['restart', 'restart tarif in canal', 'service'],
    ['digest', 'costs digest every monday morning', 'when'],
    ['digest', 'costs digest every morning', 'when'],
    ['acknowledge', 'ack inc-1 and inc-2', 'incident'],
    ['costs', 'costs of manifest in canal', 'scope'],
    ['alerts', 'critical or info alerts', 'severity'],
  ])('%s: %s', (skill, text, parameter) => expect(said(skill, text).ambiguous).toEqual([parameter]))

  it('does not pair names up by itself', () => {
    const pairs = said('restart', 'restart manifest in canal and tides in basin')
    expect(pairs.ambiguous).toEqual(['service', 'environment'])
  })

  it.each([
    ['digest', 'costs digest every other day', 'when'],
    ['digest', 'costs digest on mondays and thursdays', 'when'],
    ['silence', 'silence manifest overnight', 'for'],
    ['deploy', 'deploy manifest to canal, see https://ci.example/1.4.2', 'version'],
  ])('%s: %s is not said at all', (skill, text, parameter) => expect(said(skill, text).missing).toContain(parameter))
})

describe('slips', () => {
  it.each([
    ['crane-contrl', 'crane-control'],
    ['carne-contorl', 'crane-control'],
    ['manifets', 'manifest'],
    ['cstoms', 'customs-gate'],
    ['customs-gte', 'customs-gate'],
    ['berth-planer', 'berth-planner'],
  ])('reads %s as %s', (slip, service) => {
    expect(said('restart', `restart ${slip} in canal`)).toMatchObject({ input: { service }, bent: 1, ambiguous: [] })
  })

  it.each(['picture', 'crane', 'tide', 'manif', 'crne-contrl-x'])('does not read %s as a name', (word) => {
    const found = said('restart', `restart ${word} in canal`)
    expect([...found.ambiguous, ...found.invalid, ...found.missing]).toEqual(['service'])
  })

  it('takes "us" for a place only where it is one', () => {
    expect(said('status', 'give us the status of manifest in canal').input).toEqual({
      service: 'manifest',
      environment: 'canal',
    })
    expect(said('status', 'show the status of manifest to us').input).toEqual({ service: 'manifest' })
  })
})
