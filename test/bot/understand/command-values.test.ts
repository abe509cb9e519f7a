import { describe, expect, it } from 'vitest'
import { inCanal } from './said-cases.ts'
import { typed } from './wharf.ts'

const id = 'op-7f3k9m2q'

describe('every skill’s command, in its spellings', () => {
  it.each([
    [
      { service: 'crane-control', from: 'canal', to: 'basin' },
      'promote crane-control from canal to basin',
      'promote crane-control to basin from canal',
      'promote crane-control canal basin',
      'promote crane-control canal to basin',
      'promote crane-control canal → basin',
      'promote service=crane-control to=basin from=canal',
      'promote --from canal --to basin crane-control',
    ],
    [
      { service: 'crane-control', environment: 'canal', min: 3, max: 10 },
      'autoscale crane-control canal 3 10',
      'autoscale crane-control canal min=3 max=10',
      'autoscale crane-control in canal min 3 max 10',
      'autoscale crane-control canal 3-10',
      'autoscale crane-control canal 3..10',
      'autoscale crane-control canal 3 – 10',
      'autoscale crane-control in canal between 3 and 10',
      'autoscale crane-control in canal from 3 to 10 replicas',
      'autoscale crane-control canal —max 10 –min 3',
    ],
    [inCanal(), 'rightsize manifest canal', 'rightsize manifest in canal.'],
    [{ severity: 'warning' }, 'alerts warning', 'alerts warn', 'alerts severity=warnings'],
    [
      { service: 'customs-gate', severity: 'critical' },
      'alerts customs crit',
      'alerts critical customs-gate',
      'alerts for customs critical',
    ],
    [{ status: 'acknowledged' }, 'incidents acked', 'incidents status=acknowledged'],
    [
      { id: 'INC-142' },
      'incident INC-142',
      'incident inc-142',
      'incident inc142',
      'incident 142',
      'incident #142',
      'incident inc 142',
      'incident id=inc-142',
      'explain INC-142',
      'explain incident 142',
    ],
    [{ id }, `explain ${id}`, 'explain OP-7F3K9M2Q', 'explain operation 7f3k9m2q', 'explain 7f3k9m2q'],
    [{ service: 'manifest' }, 'oncall manifest', 'oncall for manifest'],
    [
      { scope: 'manifest', period: 'last-month', compare: 'previous' },
      'costs manifest last month compare=previous',
      'costs manifest last month vs previous',
      'costs for manifest last month compared to previous',
      'costs scope=manifest period=last-month compare=previous',
      'costs manifest --period last-month --compare previous',
    ],
    [{ period: '2026-10' }, 'costs october', 'costs 2026-10', 'costs in october', 'costs oct 2026'],
    [
      { period: '2026-10-01/2026-10-15' },
      'costs 2026-10-01/2026-10-15',
      'costs from 1 to 15 october',
      'costs period=2026-10-01/2026-10-15',
    ],
    [
      { scope: 'docks', period: '30d' },
      'costs docks 30d',
      'costs docks last 30 days',
      'costs docks team last 30 days',
      'costs 30 days docks',
    ],
    [{ period: 'this-month' }, 'costs everything this month', 'costs mtd'],
    [
      { what: 'cost', period: 'next-month' },
      'forecast cost next month',
      'forecast spend next-month',
      'forecast period=next-month what=cost',
    ],
    [
      { what: 'load', service: 'tide-tables', period: '2w' },
      'forecast load tides next two weeks',
      'forecast traffic tide-tables 2w',
    ],
    [{ what: 'load', period: '2027-02' }, 'forecast load february'],
    [
      { title: 'cranes stand still', severity: 'sev2', service: 'crane-control' },
      'declare "cranes stand still" sev2 crane-control',
      'declare "cranes stand still" P2 crane-control',
      'declare “cranes stand still” crane-control severity 2',
      'declare "cranes stand still" sev-2 service=crane-control',
      'declare crane-control sev2: cranes stand still',
      'declare --title "cranes stand still" --severity major --service crane-control',
    ],
    [
      { incident: 'INC-7', reason: 'I am on it' },
      'acknowledge INC-7 because I am on it',
      'acknowledge 7 because I am on it',
      'resolve inc-7 reason="I am on it"',
      'escalate incident #7 because I am on it.',
    ],
    [
      { service: 'customs-gate', message: 'queue grows' },
      'page customs "queue grows"',
      'page customs: queue grows',
      'page service=customs message="queue grows"',
    ],
    [
      { person: 'marek', message: 'queue grows' },
      'page marek: queue grows',
      'page <@U0MAREK01> "queue grows"',
      'page <@U0MAREK01|marek>: queue grows.',
      'page @marek "queue grows"',
      'page person=marek --message "queue grows"',
    ],
    [
      { service: 'manifest', for: '2h', reason: 'planned work' },
      'silence manifest for 2h because planned work',
      'silence manifest —for 2 hours —reason "planned work"',
      'silence manifest 2h "planned work"',
      'silence manifest because planned work for 2h',
      'silence service=manifest for=2h reason="planned work"',
    ],
    [
      { service: 'manifest', for: '175m', reason: 'works' },
      'silence manifest until 18:00 because works',
      'silence manifest till 6pm because works',
    ],
    [
      { scope: 'docks', amount: '3000 EUR', period: 'month' },
      'budget docks 3k EUR/month',
      'budget docks 3000 EUR month',
      'budget docks €3,000 per month',
      'budget docks 3.000 € monthly',
      'budget docks EUR 3000 a month',
      'budget scope=docks amount=3000EUR period=month',
      'budget the docks team 3k€ each month',
    ],
    [{ scope: 'all', amount: '5000', period: 'quarter' }, 'budget all 5000 quarter', 'budget everything 5k quarterly'],
    [
      { kind: 'costs', when: 'monday 08:30', channel: '#fin-ops' },
      'digest costs monday 08:30 #fin-ops',
      'digest costs mondays at 8:30 to #fin-ops',
      'digest cost every monday at 8:30am in #fin-ops',
      'digest spend #fin-ops monday 08:30',
      'digest costs monday 08:30 <#C012AB3CD|fin-ops>',
      'digest kind=costs when="monday 08:30" channel=#fin-ops',
    ],
    [
      { kind: 'deploys', when: 'weekdays 17:00' },
      'digest releases weekdays 17:00',
      'digest deploys every weekday at 5pm',
    ],
    [{ kind: 'alerts', when: 'now' }, 'digest alerts now', 'digest alerts right now'],
    [
      { name: 'drain-quay', variables: { pool: 'blue', note: 'two words' } },
      'runbook drain-quay pool=blue note="two words"',
      "runbook drain-quay pool=blue note='two words'",
      'runbook drain-quay with pool=blue and note="two words"',
      'runbook drain-quay --pool=blue --note "two words"',
      'runbook drain-quay —pool blue —note “two words”',
      'runbook name=drain-quay note="two words" pool=blue',
    ],
    [{ name: 'drain-quay' }, 'runbook drain-quay', 'runbook "drain-quay"', 'runbook `drain-quay`'],
    [
      inCanal({ since: '1h5m', contains: 'time out' }),
      'logs manifest canal since 14:00 contains "time out"',
      'logs manifest canal since=1h5m contains="time out"',
    ],
    [inCanal({ since: '39h5m' }), 'logs manifest canal since yesterday'],
    [inCanal({ replicas: '-2' }), 'scale manifest canal −2', 'scale manifest canal -2', 'scale manifest canal 2 fewer'],
    [inCanal({ replicas: 6 }), 'scale manifest canal half a dozen', 'scale manifest to six in canal'],
    [
      { service: 'manifest', version: '1.4', environment: 'canal' },
      'deploy manifest 1.4 canal',
      'deploy manifest:1.4 canal',
      'deploy manifest@1.4 to canal',
      'deploy `manifest` `1.4` to `canal`',
    ],
    [
      { service: 'manifest', version: '@basin', environment: 'canal' },
      'deploy manifest @basin canal',
      'deploy manifest @pre-harbour to canal',
    ],
    [
      { service: ['manifest', 'tide-tables'], environment: 'canal' },
      'restart manifest,tides canal',
      'restart manifest, tide-tables in canal',
    ],
    [
      { service: 'manifest', environment: ['canal', 'basin'] },
      'restart manifest canal,basin',
      'restart manifest in canal, basin',
    ],
    [
      { operation: id, outcome: 'rolled_back' },
      `settle ${id} rolled back`,
      `settle ${id} as rolled-back`,
      'settle operation 7f3k9m2q rolled_back',
    ],
  ] satisfies readonly (readonly [object, ...string[]])[])('%j', (input: object, ...texts: string[]) => {
    for (const text of texts)
      expect(typed(text), text).toMatchObject({ input, missing: [], ambiguous: [], invalid: [] })
  })

  it.each([
    'page marek the queue grows',
    'autoscale crane-control canal 3-10 4',
    'digest costs every morning',
    'promote crane-control from canal to basin to harbour-north',
    'silence manifest for 2h or so',
    'runbook drain-quay pool=blue pool=green',
    'restart manifest in canal or basin',
    'budget docks lots month',
  ])('is exact or not at all: %s', (text) => expect(typed(text)).toBeUndefined())

  it.each([
    ['autoscale crane-control canal 10 3', 'min'],
    ['page "queue grows"', 'service'],
    ['incident inc-x', 'id'],
    ['costs period=soonish', 'period'],
    ['digest costs when=teatime', 'when'],
  ])('says what is wrong with %s', (text, parameter) => expect(typed(text)?.invalid).toEqual([parameter]))

  it('never bends a name', () => {
    expect(typed('restart crane-contrl canal')).toMatchObject({ ambiguous: ['service'] })
    expect(typed('restart manifest prod')).toMatchObject({
      ambiguous: ['environment'],
      questions: [{ options: [{ value: 'harbour-north' }, { value: 'harbour-us' }] }],
    })
  })
})
