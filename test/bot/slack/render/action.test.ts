import { describe, expect, test } from 'vitest'
import { actionFrom, actionIn, actionsBlocks, buttonValue, clickFrom } from '../../../../bot/slack/render/action.ts'
import type { Action, Card } from '../../../../core/card.ts'
import type { DeliveryId } from '../../../../core/ids.ts'

const ctx = { deliveryId: 'dl-0123456789ab' as DeliveryId, planHash: 'ab'.repeat(32) }
const card = (actions: readonly Action[], blocks: Card['blocks'] = []): Card => ({
  ...{ kind: 'plan', tone: 'neutral', title: 'Plan', blocks, actions },
})
const approve: Action = { verb: 'approve', label: 'Approve', style: 'primary' }

function buttonOf(action: Action, blocks: Card['blocks'] = []) {
  const [row] = actionsBlocks(card([action], blocks), ctx)
  const [button] = row?.elements ?? []
  if (button?.type !== 'button') throw new Error('There is no button.')
  return button
}

describe('a button', () => {
  test('carries its verb, its payload, its card and its plan', () => {
    const button = buttonOf({ ...approve, payload: { choice: 'a & <b>', more: ['😀'] } })
    expect(actionFrom(button)).toMatchObject({
      ...{ deliveryId: ctx.deliveryId, verb: 'approve', planHash: ctx.planHash },
      payload: { choice: 'a & <b>', more: ['😀'] },
    })
  })

  test('carries nothing that Slack would send back changed', () => {
    expect(buttonOf({ ...approve, payload: { text: '& < > 😀 ü \u2028' } }).value).toMatch(/^[ -%'-;=?-~]+$/)
  })

  test('whose payload is too large is found on its card, wherever it stands there now', () => {
    const large: Action = { ...approve, verb: 'say', payload: { text: 'x'.repeat(5_000) } }
    const button = buttonOf(large)
    expect(button.value?.length).toBeLessThan(2_000)
    const click = actionFrom(button)
    if (!click) throw new Error('The button is not ours.')
    expect(click.payload).toBeUndefined()
    expect(actionIn(card([approve, large]), click)).toBe(large)
    expect(actionIn(card([approve, { ...large, payload: { text: 'y'.repeat(5_000) } }]), click)).toBeUndefined()
  })

  test('asks before it is sent', () => {
    const style = 'danger'
    expect(buttonOf({ ...approve, style, confirm: 'Goes back to 1.4.1.' })).toMatchObject({
      style,
      confirm: { text: { text: 'Goes back to 1.4.1.' }, confirm: { text: 'Approve' }, deny: { text: 'Back' }, style },
    })
    expect(buttonOf({ ...approve, confirm: 'Sure?' })).toMatchObject({ confirm: { style: 'primary' } })
  })

  test('that needs a reason opens one dialog, which says both', () => {
    const button = buttonOf({
      ...approve,
      verb: 'break-glass',
      style: 'danger',
      confirm: 'Alone.',
      reason: 'What is burning?',
    })
    expect(button.confirm).toBeUndefined()
    expect(actionFrom(button)).toMatchObject({
      opens: 'reason',
      ask: { label: 'Approve', question: 'What is burning?', confirm: 'Alone.', danger: true },
    })
  })

  test('of a form opens it, unless it brings its own answer or drops the question', () => {
    const form: Card['blocks'] = [
      { type: 'form', fields: [{ name: 'replicas', label: 'Replicas', type: 'number', required: true }] },
    ]
    const answer: Action = { ...approve, verb: 'answer', payload: { question: 'q1' } }
    const opens = (action: Action) => actionFrom(buttonOf(action, form))?.opens
    expect(opens(answer)).toBe('form')
    expect(opens({ ...answer, payload: { question: 'q1', values: { replicas: '6' } } })).toBeUndefined()
    expect(opens({ ...answer, payload: { question: 'q1', drop: true } })).toBeUndefined()
  })
})

describe('what is not ours is refused', () => {
  const value = buttonValue(card([approve]), approve, ctx)
  const read: unknown = JSON.parse(value)
  const changed = (more: object) => JSON.stringify({ ...(typeof read === 'object' ? read : {}), ...more })

  test.each([
    ['another app’s button', { action_id: 'approve_button', value }],
    ['no value', { action_id: 'qd:approve:0', value: undefined }],
    ['no JSON', { action_id: 'qd:approve:0', value: '{' }],
    ['an unknown verb', { action_id: 'qd:approve:0', value: changed({ v: 'sudo' }) }],
    ['another verb than its id says', { action_id: 'qd:cancel:0', value }],
    ['a key we do not write', { action_id: 'qd:approve:0', value: changed({ admin: true }) }],
    ['no delivery', { action_id: 'qd:approve:0', value: changed({ d: '../../etc' }) }],
  ])('%s', (_, clicked) => {
    expect(actionFrom({ action_id: 'qd:approve:0', value })?.verb).toBe('approve')
    expect(actionFrom(clicked)).toBeUndefined()
  })

  test('a dialog’s metadata too', () => {
    expect(clickFrom(value)?.verb).toBe('approve')
    expect(clickFrom('')).toBeUndefined()
    expect(clickFrom(undefined)).toBeUndefined()
  })
})
