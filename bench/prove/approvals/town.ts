import { sql } from 'drizzle-orm'
import { handleClick } from '../../../bot/conversation/clicks.ts'
import type { RespondDeps } from '../../../bot/conversation/respond.ts'
import { openPeopleDirectory } from '../../../bot/people/directory.ts'
import type { ClickVerb } from '../../../core/card.ts'
import { buildCatalog } from '../../../core/catalog/build.ts'
import { type DeliveryId, newRequestId, type OperationId, type PersonId } from '../../../core/ids.ts'
import type { Reader } from '../../../core/interpretation.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { Account } from '../../../core/person.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import type { ClickReply, IncomingClick } from '../../../core/ports/surface.ts'
import type { Readers, Skill, Writers } from '../../../core/skill.ts'
import { auditOfOperation } from '../../../db/audit.ts'
import { deliveryByKey } from '../../../db/deliveries.ts'
import type { StoredOperation } from '../../../db/operation-records.ts'
import { operationById } from '../../../db/operations.ts'
import { liveOutboxOf } from '../../../db/outbox.ts'
import { syncPeople } from '../../../db/people.ts'
import { insertRequest } from '../../../db/requests.ts'
import type { Store } from '../../../db/store.ts'
import { openThread } from '../../../db/threads.ts'
import { createDoor, type Door } from '../../../operations/door.ts'
import delegate from '../../../skills/delegate.ts'
import { privateStore } from '../frame/store.ts'
import type { Backend, ChatName } from '../prover.ts'
import { type CardsJudged, judgeAtRest } from '../surfaces/judge-cards.ts'
import { openChat } from '../surfaces/open.ts'
import { openChatSide } from './chat-side.ts'
import { ACCOUNT_NAMES, type AccountKind, type CREW, crewWith, policyOfCount } from './crew.ts'
import { turnSkill, type Wheels } from './wheels.ts'

export const COUNTS = [1, 2, 3] as const
export type Count = (typeof COUNTS)[number]

/** The real door on a real store, with one door for each number of approvers a policy may ask for. Time stands still unless told. */
export interface Town {
  readonly store: Store
  readonly wheels: Wheels
  now(): Date
  later(ms: number): void
  door(count: Count): Door
  propose(count: Count, who: string, skill: string, input: JsonObject, by: Reader): Promise<OperationId>
  /** As a surface hands it in: from an account, whoever that is just now. */
  click(count: Count, clicked: TownClick): Promise<ClickReply>
  advance(count: Count, id: OperationId): Promise<void>
  /** Expiry, reminders and reviews that are due. */
  tick(count: Count, id: OperationId): Promise<void>
  operation(id: OperationId): Promise<StoredOperation>
  audit(id: OperationId): Promise<readonly { readonly kind: string; readonly actor: string; readonly says: string }[]>
  accountOf(name: string, kind: AccountKind): Account
  /** What was pressed in the chat so far, by verbs; undefined where there is none. */
  readonly pressed: ReadonlyMap<string, number> | undefined
  /** What stands in the chat, where there is one. Rejects when nobody pressed anything there. */
  judgeCards(): Promise<CardsJudged | undefined>
  /** Everybody as in the beginning. */
  resetPeople(): Promise<void>
  close(): Promise<void>
}

export interface TownClick {
  readonly name: string
  readonly account: AccountKind
  readonly id: OperationId
  readonly verb: ClickVerb
  readonly planHash: string
  readonly key: string
  readonly reason?: string
}

const quoted = (text: string) => `'${text}'`
const listed = (texts: readonly string[]) => `array[${texts.map(quoted).join(',')}]::text[]`

/** In one go, because it is done between most sequences. The names are our own. */
const beginning = (crew: typeof CREW) => `
  begin;
  delete from quarterdeck.grants; delete from quarterdeck.delegations; delete from quarterdeck.accounts;
  update quarterdeck.people set active = true;
  insert into quarterdeck.accounts (surface, account_id, person_id, source) values
    ${crew.flatMap(({ id, accounts }) => accounts.map((of) => `(${[of.surface, of.id, id, 'config'].map(quoted).join(',')})`)).join(',')};
  insert into quarterdeck.grants (person_id, role, environments, teams, source) values
    ${crew.flatMap(({ id, grants }) => grants.map((of) => `(${quoted(id)},${quoted(of.role)},${listed(of.environments)},${listed(of.teams)},'config')`)).join(',')};
  commit;`

const environment = (name: string) => ({
  name,
  aliases: [],
  protected: name === 'production',
  cluster: 'none',
  namespace: name,
  channels: [],
})

/** @param surface where the cards are shown and their buttons pressed; absent: what people press is handed in as if by a surface */
export async function openTown(
  wheels: Wheels,
  { backend, surface }: { readonly backend: Backend; readonly surface: ChatName | undefined },
): Promise<Town> {
  const { store, close: closeStore } = await privateStore(backend)
  const chat = surface && (await openChat(surface, ACCOUNT_NAMES))
  const accountOf = (name: string, kind: AccountKind): Account =>
    chat?.accountOf(`${name}-${kind}`) ?? { surface: kind, id: `${name}-${kind}` }
  const crew = crewWith(accountOf)
  await store.transaction((tx) => syncPeople(tx, crew))
  const people = await openPeopleDirectory({ store, log: silentLogger, pollMs: 3_600_000 })
  let now = new Date('2026-11-20T10:00:00.000Z')
  const clock = () => now
  const catalog = buildCatalog(
    { environments: ['staging', 'production'].map(environment), services: [], components: [] },
    [],
  )
  // The input type of one skill is narrower than that of the set; the door parses the input with the skill's schema.
  const skills = [turnSkill(wheels), delegate] as unknown as Skill[]
  const doors = new Map(
    COUNTS.map((count) => [
      count,
      createDoor({
        store,
        skills,
        policy: policyOfCount(count),
        catalog: () => catalog,
        // The wheels are turned by closures; nothing here reaches a cluster.
        readers: {} as Omit<Readers, 'desk'>,
        writers: {} as Omit<Writers, 'desk'>,
        guide: { for: async () => [] },
        people,
        clock,
        storeClock: async () => clock(),
        log: silentLogger,
        inlineWorkerId: 'inline',
      }),
    ]),
  )
  const door = (count: Count): Door => {
    const found = doors.get(count)
    if (!found) throw new Error(`there is no door for ${count} approvers`)
    return found
  }
  const thread = await openThread(store.db, { surface: 'web', surfaceKey: 'town', openedBy: 'rita' as PersonId, now })
  const began = Date.now()
  const counts = new Map<DeliveryId, Count>()
  const hand = (count: Count, click: IncomingClick) => {
    // A click on an operation's card asks for nothing but these; whatever else it asked for would fail the proof.
    const deps = { people, store, door: door(count), log: silentLogger } as unknown as RespondDeps
    return handleClick(deps, click, () => {})
  }
  const side =
    chat &&
    (await openChatSide(
      chat,
      {
        ...{ store, people, skills, catalog: () => catalog, desk: door(1).desk, guide: { for: async () => [] } },
        // What waits for its place in a queue waits while the town's time stands still.
        ...{ address: undefined, clock: () => new Date(now.getTime() + Date.now() - began), log: silentLogger },
      },
      (click) => hand(counts.get(click.deliveryId) ?? 1, click),
    ))
  const places = new Map<OperationId, string>()
  let asked = 0
  let workers = 0

  async function operation(id: OperationId): Promise<StoredOperation> {
    const found = await operationById(store.db, id)
    if (!found) throw new Error(`the operation ${id} is gone`)
    return found
  }

  const cards = new Map<OperationId, DeliveryId>()
  /** A card is one for as long as its operation lives. */
  async function cardOf(id: OperationId): Promise<DeliveryId> {
    const known = cards.get(id) ?? (await deliveryByKey(store.db, `operation:${id}`))?.id
    if (!known) throw new Error(`${id} has no card`)
    cards.set(id, known)
    return known
  }

  return {
    store,
    wheels,
    now: clock,
    accountOf,
    later(ms) {
      now = new Date(now.getTime() + ms)
    },
    door,
    async propose(count, who, skill, input, by) {
      asked += 1
      const [id, key, personId] = [newRequestId(), `said-${asked}`, who as PersonId] // a name of the crew is an id
      const said = `${skill} ${Object.values(input).join(' ')}`
      const place = await side?.place(`${who}-web`)
      const surface = chat?.name ?? 'web'
      const opened = place ? await openThread(store.db, { surface, surfaceKey: place.threadKey, now }) : thread
      await insertRequest(store.db, {
        id,
        surface,
        threadId: opened.id,
        personId,
        text: said,
        key,
        receivedAt: now,
      })
      const request = { requestId: id, threadId: opened.id, personId, said }
      const { operationId } = await door(count).propose({ ...request, skill, input, by, confidence: 1, dryRun: false })
      if (place) places.set(operationId, place.place)
      if (place) await side?.look(operationId, place.place, (await operation(operationId)).planHash)
      return operationId
    },
    async click(count, { name, account: kind, id, verb, planHash, key, reason }) {
      const deliveryId = await cardOf(id)
      counts.set(deliveryId, count)
      const place = places.get(id)
      const isNewest = place !== undefined && (await operation(id)).planHash === planHash
      const press = { account: `${name}-${kind}`, verb, planHash, isNewest, key, reason }
      const pressed = place && (await side?.press(id, place, press))
      if (pressed) return pressed
      const account = accountOf(name, kind)
      const click = { deliveryId, verb, payload: {}, reason, planHash, key }
      return hand(count, { ...click, surface: account.surface, account, at: now })
    },
    async advance(count, id) {
      workers += 1
      await door(count).advance(id, { workerId: `worker-${workers}`, signal: new AbortController().signal })
    },
    async tick(count, id) {
      for (const { kind, payload, dueAt } of await liveOutboxOf(store.db, id))
        if (kind !== 'advance' && dueAt <= now) await door(count).timer({ kind, operationId: id, payload })
    },
    operation,
    audit: (id) => auditOfOperation(store.db, id),
    async resetPeople() {
      if (store.pglite) await store.pglite.exec(beginning(crew))
      else await store.db.execute(sql.raw(beginning(crew)))
      await people.refresh()
    },
    pressed: side?.pressed,
    async judgeCards() {
      if (chat && side?.pressed.size === 0)
        throw new Error(`Nobody pressed a button in ${chat.name}: this proves nothing.`)
      return chat && judgeAtRest(store, chat)
    },
    async close() {
      await side?.close()
      for (const one of doors.values()) await one.close()
      await people.close()
      await closeStore()
    },
  }
}
