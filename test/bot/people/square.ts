import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { type Conversation, createConversation } from '../../../bot/conversation/intake.ts'
import { startSender } from '../../../bot/deliver/sender.ts'
import { openPeopleDirectory } from '../../../bot/people/directory.ts'
import type { Card } from '../../../core/card.ts'
import type { OperationId, PersonId } from '../../../core/ids.ts'
import { Environment, Service } from '../../../core/parameters.ts'
import type { Account, Grant, Person } from '../../../core/person.ts'
import type { Policy } from '../../../core/policy.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import type { ClickReply, OutgoingMessage, Surface } from '../../../core/ports/surface.ts'
import { defineSkill, type Readers, type Skill, type Writers } from '../../../core/skill.ts'
import { skillSet } from '../../../core/skill-set.ts'
import type { DeliveryRow } from '../../../db/deliveries.ts'
import { syncPeople } from '../../../db/people.ts'
import { deliveries } from '../../../db/schema/deliveries.ts'
import type { Store } from '../../../db/store.ts'
import { threadById } from '../../../db/threads.ts'
import { type Jobs, startJobs } from '../../../jobs/start.ts'
import { createDoor, type Door } from '../../../operations/door.ts'
import link from '../../../skills/link.ts'
import subscribe from '../../../skills/subscribe.ts'
import unlink from '../../../skills/unlink.ts'
import unsubscribe from '../../../skills/unsubscribe.ts'
import { shop } from '../understand/shop.ts'

const deploy = defineSkill({
  name: 'deploy',
  summary: 'Release what is built',
  examples: ['deploy checkout staging'],
  input: z.object({ service: Service, environment: Environment }),
  risk: 'write',
  allow: ['operator'],
  preview: async (input) => ({
    input,
    targets: [input],
    summary: `Deploy ${input.service} to ${input.environment}`,
    changes: [],
    undo: { impossible: 'It is a test.' },
    steps: [],
  }),
  run: async () => ({ ok: true, says: 'Done.' }),
})

const policy: Policy = {
  version: 'p1',
  approvals: [
    {
      name: 'production',
      when: { environments: ['production'] },
      require: { count: 2, role: 'approver' },
      expiresMs: 1_800_000,
      remindMs: undefined,
      remind: [],
    },
    {
      name: 'staging',
      when: { environments: ['staging'] },
      require: { count: 1, role: 'approver' },
      expiresMs: 1_800_000,
      remindMs: undefined,
      remind: [],
    },
  ],
  denies: [],
  freezes: [],
  breakGlass: undefined,
  planExpiresMs: 900_000,
}

const everywhere = (...roles: Grant['role'][]) =>
  roles.map((role) => ({ role, environments: ['*'], teams: ['*'] as string[] }))

export const someone = (id: string, accounts: readonly Account[], ...roles: Grant['role'][]): Person => ({
  id: id as PersonId, // a test's own id
  name: id.charAt(0).toUpperCase() + id.slice(1),
  email: `${id}@example.com`,
  timezone: 'utc',
  accounts,
  grants: everywhere(...roles),
  active: true,
})

export const slack = (id: string): Account => ({ surface: 'slack', id })
export const teams = (id: string): Account => ({ surface: 'teams', id })

/** A chat service that keeps what it shows, and when it was told. */
class FakeChat implements Surface {
  readonly name: 'slack' | 'teams'
  readonly shown = new Map<string, { message: OutgoingMessage; at: number }>()
  /** Where each message was posted first, in order. */
  readonly posts: string[] = []
  #count = 0

  constructor(name: 'slack' | 'teams') {
    this.name = name
  }

  async post(message: OutgoingMessage) {
    this.#count += 1
    const { begins, threadKey } = message
    this.posts.push(begins === undefined ? threadKey : `new in ${begins}`)
    this.shown.set(message.deliveryId, { message, at: performance.now() })
    if (begins === undefined) return { ref: `m${this.#count}` }
    return { ref: `m${this.#count}`, threadKey: `${begins}:${this.#count}.0` }
  }

  async update(message: OutgoingMessage & { readonly ref: string }) {
    this.shown.set(message.deliveryId, { message, at: performance.now() })
    return undefined
  }
}

/** Slack and Teams side by side, on the real conversation, door, sender and jobs; only the services' ends and the skill are small. */
export class Square {
  readonly slack = new FakeChat('slack')
  readonly teams = new FakeChat('teams')
  /** The addresses that the services vouch for, by account. */
  readonly emails: Record<string, string | Error> = {}
  readonly store: Store
  #conversation: Conversation | undefined
  #ends: (() => Promise<unknown>)[] = []

  constructor(store: Store) {
    this.store = store
  }

  async open(people: readonly Person[]): Promise<this> {
    const { store } = this
    await this.employ(people)
    const directory = await openPeopleDirectory({ store, log: silentLogger })
    const skills = skillSet([deploy, link, unlink, subscribe, unsubscribe] as readonly Skill[]) // narrower inputs
    const clock = () => new Date()
    const catalog = () => shop
    const common = { store, skills, catalog, people: directory, clock, log: silentLogger }
    const door: Door = createDoor({
      ...common,
      policy,
      readers: {} as Omit<Readers, 'desk'>, // none of these skills reads or writes outside
      writers: {} as Omit<Writers, 'desk'>,
      guide: { for: async () => [] },
      inlineWorkerId: 'square',
    })
    this.#conversation = createConversation({
      ...common,
      door,
      vouchedEmail: async ({ surface, id }) => {
        const email = this.emails[`${surface}:${id}`]
        if (email instanceof Error) throw email
        return email
      },
      limits: { retryMs: 5, retryMaxMs: 20 },
    })
    const jobs: Jobs = await startJobs({
      ...{ store, door, clock, log: silentLogger, workerId: 'square' },
      roles: { dispatch: true, work: true, sweep: false },
      config: { queue: 'store' },
    })
    const senders = await Promise.all(
      [this.slack, this.teams].map((surface) => startSender({ store, surfaces: [surface], log: silentLogger, clock })),
    )
    this.#ends = [
      () => this.conversation.close(),
      () => Promise.all(senders.map((sender) => sender.close())),
      () => jobs.close(),
      () => door.close(),
      () => directory.close(),
    ]
    return this
  }

  /** Whom the configuration names from now on. */
  async employ(people: readonly Person[]): Promise<void> {
    await this.store.transaction((tx) => syncPeople(tx, people))
  }

  get conversation(): Conversation {
    if (!this.#conversation) throw new Error('the square is not open yet')
    return this.#conversation
  }

  async close(): Promise<void> {
    for (const end of this.#ends) await end()
  }

  /** Says something and waits for its answer; returns the cards that are new. */
  async says(account: Account, text: string, threadKey: string): Promise<readonly DeliveryRow[]> {
    const before = new Set((await this.rows()).map(({ id }) => id))
    const { surface } = account
    const key = randomBytes(8).toString('hex')
    this.conversation.receive({ surface, threadKey, account, text, key, at: new Date() })
    await this.conversation.idle()
    return (await this.rows()).filter(({ id }) => !before.has(id))
  }

  clicks(account: Account, row: Pick<DeliveryRow, 'id' | 'card'>, label: string): Promise<ClickReply> {
    const action = row.card.actions?.find((one) => one.label === label)
    if (!action) throw new Error(`there is no button "${label}" on "${row.card.title}"`)
    const { verb, payload = {} } = action
    const planHash = typeof payload.planHash === 'string' ? payload.planHash : undefined
    const key = randomBytes(8).toString('hex')
    const { surface } = account
    return this.conversation.click({
      ...{ deliveryId: row.id, verb, payload, planHash, key, surface, account },
      at: new Date(),
    })
  }

  rows(): Promise<DeliveryRow[]> {
    return this.store.db.select().from(deliveries).orderBy(deliveries.createdAt, deliveries.id)
  }

  /** The cards of an operation with the keys of the threads they are in, its own first. */
  async cardsOf(id: OperationId): Promise<readonly (DeliveryRow & { readonly threadKey: string })[]> {
    const rows = (await this.rows()).filter(
      ({ key }) => key === `operation:${id}` || key.startsWith(`operation:${id}:`),
    )
    const keyed = rows.map(async (row) => ({
      ...row,
      threadKey: (await threadById(this.store.db, row.threadId))?.surfaceKey ?? '',
    }))
    return (await Promise.all(keyed)).sort((a, b) => a.key.length - b.key.length)
  }
}

export const titles = (rows: readonly { readonly card: Card }[]) => rows.map(({ card }) => card.title)
