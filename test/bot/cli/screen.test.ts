import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import type { CliCard } from '../../../bot/cli/api.ts'
import { Screen } from '../../../bot/cli/screen.ts'
import type { Card } from '../../../core/card.ts'

function terminal(isTTY: boolean) {
  const output = Object.assign(new PassThrough(), { isTTY, columns: 80, rows: 24 })
  const screen = new Screen(output, { timezone: 'UTC', offerActions: true })
  const written = () => output.read()?.toString() ?? ''
  return { screen, written }
}

const card = (deliveryId: string, revision: number, title: string, actions: Card['actions'] = []): CliCard => ({
  type: 'card',
  deliveryId,
  revision,
  threadKey: 'cli-thread',
  requestId: null,
  operationId: null,
  final: false,
  card: { kind: 'progress', tone: 'busy', title, blocks: [], actions },
})

describe('the screen', () => {
  test('redraws the newest card in place on a TTY', () => {
    const { screen, written } = terminal(true)
    screen.card(card('a', 1, 'one'))
    written()
    screen.card(card('a', 2, 'two'))
    // Two lines up (the card and the line below it), then everything below is cleared.
    const redrawn = written()
    expect(redrawn.startsWith('\u001b[1G\u001b[2A\u001b[0J')).toBe(true)
    expect(redrawn).toContain('two')
  })

  test('writes an older card again below, and never over what was typed', () => {
    const { screen, written } = terminal(true)
    screen.card(card('a', 1, 'one'))
    screen.typed()
    written()
    screen.card(card('a', 2, 'two'))
    expect(written()).not.toContain('\u001b[2A')
  })

  test('only appends where no cursor can move, and says nothing twice', () => {
    const { screen, written } = terminal(false)
    expect(screen.card(card('a', 1, 'one'))).toBe(true)
    expect(screen.card(card('a', 2, 'two'))).toBe(true)
    expect(screen.card(card('a', 1, 'one'))).toBe(false)
    screen.card(card('a', 3, 'two'))
    expect(written()).toBe('… one\n\n… two\n\n')
  })

  test('never gives a number to another button', () => {
    const { screen } = terminal(false)
    const approve = { verb: 'approve', label: 'Approve', style: 'primary' } as const
    const cancel = { verb: 'cancel', label: 'Cancel', style: 'plain' } as const
    screen.card(card('a', 1, 'a', [approve, cancel]))
    screen.card(card('b', 1, 'b', [cancel]))
    screen.card(card('a', 2, 'a', [cancel]))
    expect(screen.numbers.get(1)).toBeUndefined()
    expect(screen.numbers.wasShown(1)).toBe(true)
    expect(screen.numbers.get(2)).toMatchObject({ card: { deliveryId: 'a', revision: 2 }, action: { verb: 'cancel' } })
    expect(screen.numbers.get(3)).toMatchObject({ card: { deliveryId: 'b' } })
  })
})
