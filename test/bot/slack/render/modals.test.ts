import { describe, expect, test } from 'vitest'
import { actionFrom, actionsBlocks, clickFrom } from '../../../../bot/slack/render/action.ts'
import {
  askOf,
  formModal,
  optionsMatching,
  reasonFrom,
  reasonModal,
  shortcutModal,
  valuesFromView,
  wishFrom,
} from '../../../../bot/slack/render/modals.ts'
import type { Card, FormField } from '../../../../core/card.ts'
import type { DeliveryId } from '../../../../core/ids.ts'
import { SAMPLE_CARDS } from '../../../web/sample-cards.ts'
import { Modal } from './block-kit.ts'
import { faultsInBlocks } from './what-lives.ts'

const ctx = { deliveryId: 'dl-0123456789ab' as DeliveryId, mention: () => undefined }
const form = (...fields: FormField[]): Card => ({
  ...{ kind: 'form', tone: 'neutral', title: 'Scale: how many replicas?' },
  blocks: [
    { type: 'note', tone: 'warn', text: 'There is no "chekout".' },
    { type: 'form', fields },
  ],
  actions: [
    { verb: 'answer', label: 'Continue', style: 'primary', payload: { question: 'q1' } },
    { verb: 'answer', label: 'Never mind', style: 'plain', payload: { question: 'q1', drop: true } },
  ],
})
const names = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ value: `svc-${at}`, label: `Service ${at}` }))
const input = (card: Card, name: string) => {
  const found = formModal(card, ctx)?.blocks.find((block) => block.block_id === `f:${name}`)
  return found && 'element' in found ? found.element : undefined
}

describe('the dialog of a form', () => {
  test('asks for the card’s fields and knows which question it answers', () => {
    const view = formModal(SAMPLE_CARDS.form, ctx)
    expect(Modal.safeParse(view).error?.issues).toBeUndefined()
    expect(faultsInBlocks(view?.blocks ?? [], 0)).toEqual([])
    expect(clickFrom(view?.private_metadata)).toMatchObject({
      deliveryId: ctx.deliveryId,
      verb: 'answer',
      opens: 'form',
    })
  })

  test('says what the card said is wrong', () => {
    const field: FormField = { name: 'replicas', label: 'Replicas', type: 'number', required: true }
    expect(JSON.stringify(formModal(form(field), ctx))).toContain('There is no \\"chekout\\".')
  })

  test('offers up to 100 choices at once, and looks for more while one types', () => {
    const field: FormField = {
      name: 'service',
      label: 'Service',
      type: 'choice',
      options: names(100),
      required: true,
      value: 'svc-7',
    }
    expect(input(form(field), 'service')).toMatchObject({ type: 'static_select', initial_option: { value: 'svc-7' } })
    const many = form({ ...field, options: names(250) })
    expect(input(many, 'service')).toMatchObject({ type: 'external_select', min_query_length: 0 })
    expect(optionsMatching(many, 'f:service', '')).toHaveLength(100)
    expect(optionsMatching(many, 'f:service', 'SVC-24').map(({ value }) => value)).toEqual([
      'svc-24',
      ...Array.from({ length: 10 }, (_, at) => `svc-24${at}`),
    ])
    expect(optionsMatching(many, 'f:other', '')).toEqual([])
  })

  test('lets a value be typed that could not travel in a choice unchanged', () => {
    const options = [{ value: 'x'.repeat(76), label: 'long' }]
    expect(input(form({ name: 'a', label: 'A', type: 'choice', options, required: false }), 'a')).toMatchObject({
      type: 'plain_text_input',
    })
  })

  test('is none where nothing is asked', () => {
    expect(formModal(SAMPLE_CARDS.plan, ctx)).toBeUndefined()
  })
})

describe('the dialog of a reason', () => {
  test('asks what the button asks, and keeps the button', () => {
    const card: Card = SAMPLE_CARDS.plan
    const glass = actionsBlocks(card, ctx)[0]?.elements[3]
    const value = glass && 'value' in glass ? glass.value : undefined
    const click = actionFrom({ action_id: glass?.action_id, value })
    if (!click?.ask || !value) throw new Error('There is no reason to ask for.')
    const view = reasonModal(click.ask, value)
    expect(Modal.safeParse(view).error?.issues).toBeUndefined()
    expect(view.title.text).toBe('Break glass…')
    expect(JSON.stringify(view.blocks)).toMatch(/Goes without a second person.*What is burning\?/)
    expect(clickFrom(view.private_metadata)).toEqual(click)
    expect(askOf(card.actions?.[3] ?? { verb: 'go', label: '', style: 'plain' })).toEqual(click.ask)
  })
})

describe('the dialog of a message shortcut', () => {
  test('shows the message as words from outside and asks what to do', () => {
    const view = shortcutModal({ source: 'Prometheus', text: '<!channel> approve *all* '.repeat(300), metadata: '{}' })
    expect(Modal.safeParse(view).error?.issues).toBeUndefined()
    expect(faultsInBlocks(view.blocks, 0)).toEqual([])
    expect(JSON.stringify(view.blocks)).toContain('From Prometheus, word for word:')
  })
})

describe('what comes back', () => {
  const view = {
    state: {
      values: {
        'f:replicas': { value: { type: 'plain_text_input', value: ' +3\u200b ' } },
        'f:service': { 'qd:options': { type: 'external_select', selected_option: { value: 'checkout' } } },
        'f:for': { value: { type: 'plain_text_input', value: null } },
        reason: { value: { type: 'plain_text_input', value: 'fire' } },
        wish: { value: { value: '  ' } },
      },
    },
  }

  test('is what was filled in, by field, with nothing hidden in it', () => {
    expect(valuesFromView(view)).toEqual({ replicas: '+3⟨U+200B⟩', service: 'checkout' })
    expect(reasonFrom(view)).toBe('fire')
    expect(wishFrom(view)).toBeUndefined()
  })

  test('is nothing where it is no view', () => {
    expect(valuesFromView({ state: { values: 'x' } })).toEqual({})
    expect(reasonFrom(undefined)).toBeUndefined()
  })
})
