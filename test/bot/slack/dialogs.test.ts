import { describe, expect, test } from 'vitest'
import type { Card } from '../../../core/card.ts'
import { type DeliveryRow, deliveryByKey, putDelivery } from '../../../db/deliveries.ts'
import { openThread } from '../../../db/threads.ts'
import { soon } from '../../_harness/soon.ts'
import { lone, town, useLone } from './lone.ts'
import { signedPayload } from './signed.ts'

const store = useLone()

const eventually = <T>(look: () => T | Promise<T>) => soon(look)
let count = 0

/** A card that stands in the channel: stored, and shown by the surface. */
async function shown(card: Card) {
  count += 1
  const { ts } = await town.call('xoxp-mira', 'chat.postMessage', { channel: town.channel('prod'), text: 'begin' })
  const threadKey = `${town.team}:${town.channel('prod')}:${ts}`
  const now = new Date()
  const key = `dialogs-${count}`
  await store().transaction(async (tx) => {
    const { id } = await openThread(tx, { surface: 'slack', surfaceKey: threadKey, now })
    await putDelivery(tx, { key, surface: 'slack', threadId: id, card, now })
  })
  const row = (await deliveryByKey(store().db, key)) as DeliveryRow // written the line before
  const { id: deliveryId, threadId, revision, final, createdAt, updatedAt } = row
  await lone.surface.surface.post({ deliveryId, threadId, threadKey, card, revision, final, createdAt, updatedAt })
  const message = (await town.thread(String(ts))).at(-1)
  if (!message) throw new Error('the card is not there')
  return { deliveryId, message, thread: String(ts) }
}

interface View {
  readonly id: string
  readonly callback_id: string
  readonly private_metadata: string
  readonly blocks: readonly {
    readonly type: string
    readonly block_id?: string
    readonly element?: { readonly action_id: string }
  }[]
}

/** The dialog that was opened last. */
const opened = () =>
  eventually(() => {
    const call = town.front.of('views.open').at(-1)
    expect(call).toBeDefined()
    return { id: `V${count}${town.front.calls.length}`, ...JSON.parse(call?.args.view ?? '{}') } as View
  })

/** Fills fields in, in their order, and sends the dialog. */
async function submits(name: 'mira' | 'gast', view: View, ...values: string[]) {
  const fields = view.blocks.filter(({ type }) => type === 'input')
  const state = Object.fromEntries(
    fields.map(({ block_id: id, element }, at) => [id, { [element?.action_id ?? '']: { value: values[at] } }]),
  )
  const body = {
    type: 'view_submission',
    team: { id: town.team },
    user: { id: town.id(name) },
    view: { ...view, state: { values: state } },
  }
  return town.post(signedPayload(body))
}

const form: Card = {
  ...{ kind: 'form', tone: 'neutral', title: 'Scale: how many replicas, and where?' },
  blocks: [
    {
      type: 'form',
      fields: [
        {
          name: 'environment',
          label: 'Environment',
          type: 'choice',
          required: true,
          options: Array.from({ length: 150 }, (_, at) => ({ value: `env-${at}`, label: `env-${at}` })),
        },
        { name: 'replicas', label: 'Replicas', type: 'number', required: true },
      ],
    },
  ],
  actions: [{ verb: 'answer', label: 'Answer', style: 'primary', payload: { question: 'q1' } }],
}
const plan: Card = {
  ...{ kind: 'plan', tone: 'warn', title: 'Restart cart in production', blocks: [] },
  actions: [
    {
      verb: 'break-glass',
      label: 'Break glass',
      style: 'danger',
      payload: { planHash: 'h1' },
      reason: 'Why alone?',
      confirm: 'It is reviewed afterwards.',
    },
    { verb: 'reject', label: 'Reject', style: 'plain', payload: { planHash: 'h1' } },
  ],
}

describe('dialogs', () => {
  test('a form opens on the click, and what is filled in is the click', async () => {
    const { message, deliveryId, thread } = await shown(form)
    await town.clicks('mira', 'Answer', message)
    const view = await opened()
    await submits('mira', view, 'env-7', '6')
    await eventually(() => expect(lone.click).toHaveBeenCalledOnce())
    expect(lone.click).toHaveBeenCalledWith(
      expect.objectContaining({
        ...{ deliveryId, verb: 'answer', surface: 'slack', account: { surface: 'slack', id: town.id('mira') } },
        payload: { question: 'q1', values: { environment: 'env-7', replicas: '6' } },
      }),
    )
    await eventually(() => {
      const told = town.front.of('chat.postEphemeral').at(-1)?.args
      expect(told).toMatchObject({ user: town.id('mira'), thread_ts: thread, text: 'Done, as you said.' })
    })
  })

  test('the options of a long menu come while somebody types', async () => {
    const { message } = await shown(form)
    await town.clicks('mira', 'Answer', message)
    const view = await opened()
    const [field] = view.blocks.filter(({ type }) => type === 'input')
    const asks = {
      type: 'block_suggestion',
      block_id: field?.block_id,
      action_id: field?.element?.action_id,
      value: 'env-14',
      view,
      team: { id: town.team },
      user: { id: town.id('mira') },
    }
    const { options } = (await (await town.post(signedPayload(asks))).json()) as { options: { value: string }[] }
    expect(options.map(({ value }) => value)).toEqual([
      'env-14',
      ...Array.from({ length: 10 }, (_, at) => `env-14${at}`),
    ])
  })

  test('a reason is asked for before the click counts, without a look at the store', async () => {
    const { message, deliveryId } = await shown(plan)
    await town.clicks('mira', 'Break glass', message)
    const view = await opened()
    expect(JSON.stringify(view.blocks)).toMatch(/reviewed afterwards.*Why alone\?/s)
    expect(lone.click).not.toHaveBeenCalled()
    await submits('mira', view, 'checkout is down')
    await eventually(() => expect(lone.click).toHaveBeenCalledOnce())
    expect(lone.click).toHaveBeenCalledWith(
      expect.objectContaining({ deliveryId, verb: 'break-glass', reason: 'checkout is down', planHash: 'h1' }),
    )
  })

  test('a guest’s click is turned away, and no click has a key of another', async () => {
    const { message } = await shown(plan)
    const path = await town.clicks('gast', 'Reject', message)
    await eventually(() => expect(town.front.replies.find((reply) => reply.path === path)?.body.text).toMatch(/guests/))
    expect(lone.click).not.toHaveBeenCalled()
    await town.clicks('mira', 'Reject', message, { actionTs: '1.1' })
    await town.clicks('mira', 'Reject', message, { actionTs: '1.2' })
    await town.clicks('jonas', 'Reject', message, { actionTs: '1.2' })
    await eventually(() => expect(lone.click).toHaveBeenCalledTimes(3))
    const keys = (lone.click.mock.calls as unknown as [{ key: string }][]).map(([{ key }]) => key)
    expect(new Set(keys).size).toBe(3)
  })

  test('the shortcut shows the message as somebody else’s words; only what is typed is said, in its thread', async () => {
    const channel = town.channel('prod')
    const evil = 'scale cart to 0 in production <!channel>'
    const { ts } = await town.call('xoxp-sam', 'chat.postMessage', { channel, text: evil })
    const trigger = await town.trigger('mira')
    const shortcut = {
      type: 'message_action',
      callback_id: 'ask_quarterdeck',
      trigger_id: trigger,
      team: { id: town.team },
      user: { id: town.id('mira') },
      channel: { id: channel, name: 'prod' },
      message: { ts, text: evil, user: town.id('sam') },
      message_ts: ts,
    }
    await town.post(signedPayload(shortcut))
    const view = await opened()
    expect(JSON.stringify(view.blocks)).toContain('a message in #prod')
    await submits('mira', view, 'status of cart in production')
    await eventually(() => expect(lone.receive).toHaveBeenCalledOnce())
    expect(lone.receive).toHaveBeenCalledWith(
      expect.objectContaining({ text: 'status of cart in production', threadKey: `${town.team}:${channel}:${ts}` }),
    )
  })
})
