import { describe } from 'vitest'
import { eachIsSaid, inCanal, type SaidCase } from './said-cases.ts'

const cases: readonly SaidCase[] = [
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
  // Quotes and brackets round a value
  ['mode', { name: 'read-only', scope: 'canal' }, 'set the mode `read-only` for `canal`'],
  [
    'lock',
    inCanal({ reason: 'crane test' }),
    'lock manifest in canal (reason: crane test)',
    'can you lock manifest in canal because of crane test?',
  ],
]

describe('values in plain sentences', () => eachIsSaid(cases))
