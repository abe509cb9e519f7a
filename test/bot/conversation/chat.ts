import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { asc, eq } from 'drizzle-orm'
import { z } from 'zod'
import type { ConversationDeps } from '../../../bot/conversation/deps.ts'
import { type Conversation, createConversation } from '../../../bot/conversation/intake.ts'
import { openPeopleDirectory } from '../../../bot/people/directory.ts'
import type { ModelReader } from '../../../bot/understand/language-model/model-reader.ts'
import { type Card, plainText } from '../../../core/card.ts'
import { UserError } from '../../../core/errors.ts'
import type { OperationId, PersonId } from '../../../core/ids.ts'
import type { JsonObject } from '../../../core/json.ts'
import { Environment, Replicas, Sentence, Service, Version } from '../../../core/parameters.ts'
import type { Account } from '../../../core/person.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import type { ClickReply } from '../../../core/ports/surface.ts'
import { type ChangeSkill, defineSkill, type Readers, type Writers } from '../../../core/skill.ts'
import { skillSet } from '../../../core/skill-set.ts'
import { type DeliveryRow, deliveriesOfThread } from '../../../db/deliveries.ts'
import { listOperations } from '../../../db/operations.ts'
import { liveOutboxOf } from '../../../db/outbox.ts'
import { syncPeople } from '../../../db/people.ts'
import { requests } from '../../../db/schema/requests.ts'
import type { Store } from '../../../db/store.ts'
import { threadByKey } from '../../../db/threads.ts'
import { createDoor, type Door } from '../../../operations/door.ts'
import explain from '../../../skills/explain.ts'
import link from '../../../skills/link.ts'
import promote from '../../../skills/promote.ts'
import { jonas, mira, sam, shop } from '../understand/shop.ts'

const plain = (name: string): Pick<ChangeSkill, 'preview' | 'run'> => ({
  async preview(input) {
    const { service, environment, ...rest } = input
    if (rest.version === '9.9.9')
      throw new UserError(`${service} has no version 9.9.9.`, [`${name} ${service} 1.4.2 ${environment}`])
    const target = `${service} in ${environment}`
    return {
      input: input as JsonObject, // parsed from JSON by the skill's schema
      targets: [{ service: String(service), environment: String(environment) }],
      summary: `${name} ${target}`,
      changes: Object.entries(rest).map(([field, to]) => ({ target, field, from: null, to: String(to) })),
      undo: { impossible: 'It is a test.' },
      steps: [],
    }
  },
  run: async () => ({ ok: true, says: 'Done.' }),
})

const deploy = defineSkill({
  name: 'deploy',
  summary: 'Release a version',
  examples: ['deploy checkout 1.4.2 to staging'],
  input: z.object({ service: Service, version: Version, environment: Environment }),
  risk: 'write',
  allow: ['operator'],
  ...plain('deploy'),
})
const scale = defineSkill({
  name: 'scale',
  summary: 'Change replicas',
  examples: ['scale checkout to 6 in staging'],
  input: z.object({ service: Service, environment: Environment, replicas: Replicas }),
  risk: 'write',
  allow: ['operator'],
  ...plain('scale'),
})
const status = defineSkill({
  name: 'status',
  summary: 'How things are',
  examples: ['how is cart in staging?'],
  input: z.object({ service: Service.optional(), environment: Environment.optional() }),
  risk: 'read',
  run: async ({ service, environment }): Promise<Card> => ({
    kind: 'answer',
    tone: 'good',
    title: `${service ?? 'everything'} in ${environment ?? 'everywhere'} is well`,
    blocks: [],
  }),
})
const broken = defineSkill({
  name: 'broken',
  summary: 'Throws what nobody expects',
  examples: ['broken'],
  input: z.object({ reason: Sentence('reason').optional() }),
  risk: 'read',
  run: () => Promise.reject(new Error('secret inner words')),
})

const viewer = { ...sam, grants: [{ role: 'viewer' as const, environments: ['*'], teams: ['*'] }] }
const gone = { ...jonas, id: 'lee' as PersonId, name: 'Lee', accounts: [{ surface: 'web' as const, id: 'lee' }] }

/** A chat with the real door behind it; only the skills are small. `store` may be wrapped to fail. */
export class Chat {
  readonly store: Store
  now = new Date('2026-11-21T11:00:00Z')
  readonly logged: object[] = []
  readonly threadKey = `web-${randomBytes(6).toString('hex')}`
  #conversation: Conversation | undefined
  #door: Door | undefined
  #closing: (() => Promise<void>)[] = []

  constructor(store: Store) {
    this.store = store
  }

  get conversation(): Conversation {
    if (!this.#conversation) throw new Error('the chat is not open yet')
    return this.#conversation
  }

  async open(
    given: {
      limits?: ConversationDeps['limits']
      people?: 'nobody'
      store?: Store
      reader?: ModelReader
      door?: (door: Door) => ConversationDeps['door']
      /** Beside the small ones. */
      skills?: readonly ChangeSkill[]
    } = {},
  ): Promise<this> {
    // `gone` was configured once, and is no more: a leaver.
    if (given.people !== 'nobody') {
      await this.store.transaction((tx) => syncPeople(tx, [mira, jonas, viewer, gone]))
      await this.store.transaction((tx) => syncPeople(tx, [mira, jonas, viewer]))
    }
    const store = given.store ?? this.store
    const people = await openPeopleDirectory({ store: this.store, log: silentLogger })
    const clock = () => this.now
    const log = { ...silentLogger, error: (fields: object) => void this.logged.push(fields) }
    const skills = skillSet([deploy, scale, status, broken, link, explain, ...(given.skills ?? [])])
    const catalog = () => shop
    const door = createDoor({
      store,
      skills,
      policy: { version: 'p1', approvals: [], denies: [], freezes: [], breakGlass: undefined, planExpiresMs: 900_000 },
      catalog,
      // These skills touch no cluster: whatever they asked of one would throw.
      readers: {} as Omit<Readers, 'desk'>,
      writers: {} as Omit<Writers, 'desk'>,
      guide: { for: async () => [] },
      people,
      clock,
      storeClock: async () => clock(),
      log,
      inlineWorkerId: 'test',
    })
    this.#door = door
    this.#conversation = createConversation({
      store,
      door: given.door?.(door) ?? door,
      skills: [...skills, promote],
      catalog,
      people,
      clock,
      log,
      reader: given.reader,
      limits: { retryMs: 5, retryMaxMs: 20, ...given.limits },
    })
    this.#closing = [() => this.conversation.close(), () => door.close(), () => people.close()]
    return this
  }

  async close(): Promise<void> {
    for (const end of this.#closing) await end()
  }

  /** Says something and waits for its answer; returns the newest card that this person sees. */
  async says(who: string, text: string, more: { key?: string; account?: Account } = {}): Promise<Card | undefined> {
    const key = more.key ?? randomBytes(8).toString('hex')
    const account = more.account ?? { surface: 'web', id: who }
    this.conversation.receive({ surface: account.surface, threadKey: this.threadKey, account, text, key, at: this.now })
    await this.conversation.idle()
    this.now = new Date(this.now.getTime() + 1_000)
    return (await this.cards(who)).at(-1)?.card
  }

  async cards(who?: string): Promise<readonly DeliveryRow[]> {
    const thread = await threadByKey(this.store.db, 'web', this.threadKey)
    // Test names are ids.
    return thread ? deliveriesOfThread(this.store.db, thread.id, who as PersonId | undefined) : []
  }

  /** Clicks the button with that label on the newest card that has it. */
  async clicks(who: string, label: string, values?: Record<string, string>): Promise<ClickReply> {
    const press = await this.aimsAt(who, label, values)
    const reply = await press()
    await this.conversation.idle()
    this.now = new Date(this.now.getTime() + 1_000)
    return reply
  }

  /** A click that is sent when it is called. */
  async aimsAt(who: string, label: string, values?: Record<string, string>): Promise<() => Promise<ClickReply>> {
    const cards = [...(await this.cards())].reverse()
    const row = cards.find(({ card }) => card.actions?.some((action) => action.label === label))
    const action = row?.card.actions?.find((one) => one.label === label)
    if (!row || !action) throw new Error(`no card has a button "${label}"`)
    const account = { surface: 'web', id: who } as const
    const payload = { ...action.payload, ...(values ? { values } : {}) }
    const click = {
      deliveryId: row.id,
      verb: action.verb,
      payload,
      key: randomBytes(8).toString('hex'),
      surface: 'web',
      account,
      at: this.now,
    } as const
    return () => this.conversation.click(click)
  }

  /** What a worker would do by now about the time of an operation. */
  async passTime(id: OperationId): Promise<void> {
    for (const { kind, dueAt, payload } of await liveOutboxOf(this.store.db, id))
      if (dueAt <= this.now) await this.#door?.timer({ kind, operationId: id, payload })
  }

  async operations() {
    const thread = await threadByKey(this.store.db, 'web', this.threadKey)
    return thread ? listOperations(this.store.db, { threadId: thread.id, limit: 50 }) : []
  }

  async requests() {
    const thread = await threadByKey(this.store.db, 'web', this.threadKey)
    if (!thread) return []
    return this.store.db
      .select()
      .from(requests)
      .where(eq(requests.threadId, thread.id))
      .orderBy(asc(requests.receivedAt))
  }
}

/** All words of a card. */
export function wordsOf(card: Card | undefined): string {
  if (!card) return ''
  const blocks = card.blocks.map((block) => ('text' in block ? plainText(block.text) : JSON.stringify(block)))
  return [card.title, ...blocks].join('\n')
}

/** Waits until something holds, for what no event announces. */
export async function eventually(holds: () => Promise<boolean> | boolean, withinMs = 5_000): Promise<void> {
  const until = Date.now() + withinMs
  while (!(await holds())) {
    if (Date.now() > until) throw new Error('it never came true')
    await delay(10)
  }
}
