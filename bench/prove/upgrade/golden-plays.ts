import type { CountingProxy } from '../cancel/proxy.ts'
import type { Asked, GoldenPeople } from './golden-people.ts'
import { SERVICES } from './sentences.ts'

const ENDED = ['succeeded', 'failed', 'rolled_back', 'cancelled', 'rejected', 'expired']
const PLACE = { dev: 'shop-dev', staging: 'shop-staging' }

/** What each chat hears besides: production on a wall, staging where it is soon not let in. Whatever is asked later is shown there or refused. */
export async function subscribeIn(people: GoldenPeople): Promise<void> {
  const { chat } = people
  for (const [name, environment] of [
    ['wall', 'production'],
    ['shut', 'staging'],
  ] as const)
    await people.until(await people.wants(`subscribe to ${environment}`, { place: chat.channel(name) }), 'succeeded')
  chat.shut('shut')
}

/** An account elsewhere is tied to somebody by the code that only they are shown. */
export async function linkElsewhere(person: string, here: GoldenPeople, there: GoldenPeople): Promise<void> {
  const account = there.chat.accountOf(person)
  const linking = await here.wants(`link ${account.surface}:${account.id}`, { by: person })
  await here.until(linking, 'succeeded')
  const told = await here.press(person, linking, 'reveal')
  const code = /\blink ([\w-]+)/.exec(told)?.[1]
  if (!code) throw new Error(`There is no code in "${told}".`)
  await there.asks(`link ${code}`, { by: person })
}

/** What has ended, and what needs a person because the cluster refuses to put it back. */
export async function playWhatEnds(people: GoldenPeople, proxy: CountingProxy): Promise<void> {
  const [a, b, c, d] = SERVICES[people.chat.name]
  const isSlack = people.chat.name === 'slack'
  const ends = async (asked: Asked) => people.until(asked, ...ENDED)
  for (const text of [
    `scale ${a} to 4 in dev`,
    `restart ${b} in dev`,
    `scale ${c} to 3 in dev`,
    `dry run scale ${b} to 5 in dev`,
    `lock ${isSlack ? 'email' : 'shipping'} in dev for 8h`,
  ])
    await ends(await people.wants(text))
  const rejected = await people.wants(`scale ${a} to 7 in production`)
  await people.press('jonas', rejected, 'reject')
  const cancelled = await people.wants(`scale ${b} to 7 in production`)
  await people.press('mira', cancelled, 'cancel')
  const hasty = await people.wants(`restart ${c} in staging`)
  for (const asked of [rejected, cancelled, hasty]) await ends(asked)
  // The first of these versions does not come up.
  const deploy = await people.wants(isSlack ? 'deploy checkout 1.5.0 to staging' : 'deploy catalog 3.1.1 to staging')
  await people.press('jonas', deploy, 'approve')
  await ends(deploy)

  proxy.watched.set(`${PLACE.staging}/${d}`, { refuses: () => true })
  await ends(await people.wants(`scale ${d} to 3 in staging`))
  proxy.watched.delete(`${PLACE.staging}/${d}`)
  for (const service of [c, d]) {
    const held = await people.wants(`scale ${service} to 2 in dev for 2h`)
    await people.until(held, 'waiting')
    await holding()
    proxy.watched.set(`${PLACE.dev}/${service}`, { refuses: () => true })
    await people.press('mira', held, 'cancel')
    await people.until(held, 'needs_human')
    proxy.watched.delete(`${PLACE.dev}/${service}`)
  }
}

/** From the moment that it waits for its pods to the moment that it waits for its time. */
const holding = () => new Promise((done) => setTimeout(done, 5_000))

/** What has begun and goes on for hours; resolves with one of those. */
export async function playWhatHolds(people: GoldenPeople): Promise<Asked> {
  const [a, b] = SERVICES[people.chat.name]
  const kept = await people.wants(`scale ${a} to 5 in dev for 2h`)
  const last = await people.wants(`scale ${b} to 5 in dev for 2h`)
  for (const asked of [kept, last]) await people.until(asked, 'waiting')
  await holding()
  return last
}

/** What cannot go on, because the cluster stands still. */
export async function playWhatRuns(people: GoldenPeople): Promise<void> {
  const [a] = SERVICES[people.chat.name]
  await people.until(await people.wants(`scale ${a} to 6 in staging`), 'running', 'waiting')
}

/** What nobody has worked on. */
export async function playWhatIsOpen(people: GoldenPeople, held: Asked): Promise<void> {
  const [a, b, c, d] = SERVICES[people.chat.name]
  await people.press('mira', held, 'cancel')
  await people.wants(`scale ${b} to 6 in staging`)
  await people.press('jonas', await people.wants(`restart ${d} in production`), 'approve')
  await people.press('jonas', await people.wants(`scale ${a} to 0 in production`), 'approve')
  await people.wants(`scale ${b} to 9 in production`)
  await people.wants(`scale ${d} to 9 in production`)
  await people.wants(`restart ${c} in production`)
  await people.wants(`please could you give ${c} 4 pods in staging`)
  const question = await people.asks(`scale ${c} in production`)
  if (question.operation) throw new Error(`"${question.text}" was not asked back.`)
}
