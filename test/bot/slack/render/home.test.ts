import { expect, test } from 'vitest'
import { type HomeData, homeView } from '../../../../bot/slack/render/home.ts'
import type { DeliveryId } from '../../../../core/ids.ts'
import { Home } from './block-kit.ts'
import { faultsInBlocks } from './what-lives.ts'

const nobody = () => undefined
const at = '2026-11-21T09:00:00Z'
const quiet: HomeData = { name: 'Mira Okafor', waiting: [], running: [], mine: [], recent: [], may: [], at }
const line = (title: string) => ({
  tone: 'busy' as const,
  title,
  about: ['since ', { time: at, show: 'clock' as const }],
})

test('says what waits, runs and happened, with the buttons of the cards that wait', () => {
  const actions = [
    { verb: 'approve', label: 'Approve', style: 'primary' },
    { verb: 'reject', label: 'Reject', style: 'plain', reason: 'Why not?' },
  ] as const
  const waiting = [
    { ...line('Deploy checkout 1.4.2'), deliveryId: 'dl-0123456789ab' as DeliveryId, planHash: 'ff', actions },
  ]
  const view = homeView(
    { ...quiet, waiting, running: [line('Scale cart')], may: [{ what: 'deploy', example: 'deploy cart 1.2 to dev' }] },
    nobody,
  )
  expect(Home.safeParse(view).error?.issues).toBeUndefined()
  expect(faultsInBlocks(view.blocks, 2)).toEqual([])
  expect(JSON.stringify(view)).toMatch(
    /Waiting for you.*Deploy checkout 1\.4\.2.*Approve.*Running.*Scale cart.*deploy cart 1\.2 to dev/,
  )
})

test('fits however much there is, and says what it left out', () => {
  const hostile = '<!channel> *x* \u202e'.repeat(60)
  const many = Array.from({ length: 80 }, () => line(hostile))
  const waiting = many.map((one) => ({
    ...one,
    deliveryId: 'dl-0123456789ab' as DeliveryId,
    actions: Array.from({ length: 6 }, () => ({ verb: 'approve' as const, label: hostile, style: 'plain' as const })),
  }))
  const may = Array.from({ length: 80 }, () => ({ what: hostile, example: hostile }))
  const view = homeView({ ...quiet, waiting, running: many, mine: many, recent: many, may }, nobody)
  expect(Home.safeParse(view).error?.issues).toBeUndefined()
  expect(faultsInBlocks(view.blocks, 12 * 6)).toEqual([])
  expect(JSON.stringify(view)).toContain('… 68 more. Say \\"approvals\\" to see all.')
  expect(JSON.stringify(view)).not.toContain('attached')
})

test('is honest where there is nothing, and to somebody it does not know', () => {
  expect(JSON.stringify(homeView(quiet, nobody))).toMatch(
    /Nothing waits for you\..*Nothing runs\..*ask an admin for a role/,
  )
  expect(JSON.stringify(homeView({ ...quiet, name: undefined }, nobody))).toContain('I do not know you yet')
})
