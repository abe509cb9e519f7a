import type { Card } from '../../core/card.ts'
import type { PersonId } from '../../core/ids.ts'

const jonas = { person: 'jonas' as PersonId, name: 'Jonas Weber' }
const minutes = (count: number) => new Date(Date.now() + count * 60_000).toISOString()

/** Cards that are no operation's: answers, questions, forms, notices, refusals, and one that means harm. */
export const SAMPLE_ANSWERS = {
  answer: {
    kind: 'answer',
    tone: 'neutral',
    title: 'checkout',
    subtitle: 'Runs in 3 environments',
    blocks: [
      {
        type: 'table',
        columns: ['Environment', 'Version', 'Ready', 'CPU', 'Image', 'Last change', 'By'],
        rows: [
          [
            'dev',
            [{ code: '1.4.2' }],
            '1/1',
            '3 %',
            'registry.shop.example/shop/checkout:1.4.2',
            [{ time: minutes(-90), show: 'relative' }],
            [jonas],
          ],
          [
            'staging',
            [{ code: '1.4.1' }],
            '3/3',
            '12 %',
            'registry.shop.example/shop/checkout:1.4.1',
            [{ time: minutes(-60 * 26), show: 'clock' }],
            [jonas],
          ],
          [
            'production',
            [{ code: '1.4.0' }],
            '6/6',
            '41 %',
            'registry.shop.example/shop/checkout:1.4.0',
            [{ time: minutes(-60 * 24 * 9), show: 'date' }],
            [jonas],
          ],
        ],
        more: 4,
      },
      { type: 'text', text: ['Production has run ', { bold: '1.4.0' }, ' for nine days. Nothing is locked.'] },
    ],
  },
  charts: {
    kind: 'answer',
    tone: 'neutral',
    title: 'checkout in production, the last hour',
    blocks: [
      {
        type: 'chart',
        title: 'Changes a day',
        shape: 'bar',
        points: ['15 Nov', '16 Nov', '17 Nov', '18 Nov', '19 Nov', '20 Nov', '21 Nov'],
        series: [
          { name: 'done', values: [0, 2, 5, 1, 0, 0, 3] },
          { name: 'failed', values: [0, 0, 1, 0, 0, 0, 0] },
        ],
      },
      {
        type: 'chart',
        title: 'Errors',
        unit: '%',
        shape: 'line',
        points: ['12:00', '12:10', '12:20', '12:30', '12:40', '12:50'],
        series: [{ name: 'production', values: [0.12, 0.1, null, 0.11, 4.25, 1.5] }],
      },
      // One point of one series: what stands in it is all of one text when the texts are replaced, and it is drawn all the same.
      {
        type: 'chart',
        title: 'Requests',
        unit: 'req/s',
        shape: 'area',
        points: ['12:50'],
        series: [{ name: 'production', values: [1840] }],
      },
    ],
  },
  question: {
    kind: 'question',
    tone: 'neutral',
    title: 'There is no service "chekout"',
    subtitle: 'Which one do you mean?',
    blocks: [],
    actions: [
      {
        verb: 'answer',
        label: 'checkout',
        style: 'primary',
        payload: { question: 'q1', values: { service: 'checkout' } },
      },
      { verb: 'answer', label: 'catalog', style: 'plain', payload: { question: 'q1', values: { service: 'catalog' } } },
      { verb: 'say', label: 'Never mind', style: 'plain', payload: { text: 'never mind' } },
    ],
  },
  form: {
    kind: 'form',
    tone: 'neutral',
    title: 'Scale: what is missing?',
    blocks: [
      {
        type: 'form',
        fields: [
          {
            name: 'service',
            label: 'Service',
            type: 'choice',
            required: true,
            options: [
              { value: 'cart', label: 'cart' },
              { value: 'checkout', label: 'checkout' },
            ],
          },
          { name: 'replicas', label: 'Replicas', type: 'number', required: true, hint: 'a number, or +2, -1, x2' },
          { name: 'for', label: 'For', type: 'duration', required: false, hint: 'like 30m or 2h' },
        ],
      },
    ],
    actions: [
      { verb: 'answer', label: 'Make the plan', style: 'primary', payload: { question: 'q2' } },
      { verb: 'answer', label: 'Never mind', style: 'plain', payload: { question: 'q2', drop: true } },
    ],
  },
  notice: {
    kind: 'notice',
    tone: 'warn',
    title: 'The glass was broken for payments in production',
    blocks: [
      { type: 'text', text: [jonas, ' went without a second person: "payments are down and nobody answers".'] },
      { type: 'progress', fraction: undefined, text: 'Waiting for the review' },
    ],
    actions: [{ verb: 'review', label: 'I looked at it', style: 'plain' }],
  },
  refusal: {
    kind: 'refusal',
    tone: 'bad',
    title: 'You may not deploy to production',
    blocks: [
      {
        type: 'text',
        text: [
          'The rule ',
          { bold: 'roles' },
          ' asks for ',
          { code: 'operator' },
          ' in production. Ask ',
          jonas,
          ' for it.',
        ],
      },
    ],
  },
  hostile: {
    kind: 'answer',
    tone: 'neutral',
    title: '<img src=x onerror=alert(1)> \u202Egnol\u202C @channel [link](javascript:alert(1))',
    blocks: [
      {
        type: 'text',
        text: '\u001B[31mred\u001B[0m nul\u0000 bell\u0007 zero\u200Bwidth <script>alert(1)</script> &lt;b&gt;',
      },
      { type: 'facts', facts: [{ label: 'a'.repeat(120), value: 'x'.repeat(600) }] },
      { type: 'table', columns: ['<b>h</b>'], rows: [['"><svg onload=alert(1)>']] },
      { type: 'code', text: '\u202Erm -rf /\n</code></pre><script>alert(1)</script>' },
    ],
    footer: '\u2066hidden\u2069',
  },
} as const satisfies Record<string, Card>
