import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Relay, relayTo } from '../../../test/_harness/relay.ts'
import { type Life, startLife } from '../crash/life.ts'
import type { Outside } from '../crash/outside.ts'
import type { Place } from '../crash/place.ts'
import type { LifeOptions } from '../crash/worker.ts'
import type { Random } from '../frame/random.ts'
import type { Chat } from '../surfaces/chat.ts'
import { PEOPLE, RULES } from './plays.ts'
import type { Fault, Wire } from './schedule.ts'
import type { Answer, Replied, Wanted } from './worker.ts'

export interface CrewOptions {
  readonly place: Place
  readonly outside: Outside
  readonly workers: number
  readonly services: number
  readonly times: Pick<LifeOptions, 'timing' | 'tuning' | 'resilience'>
  /** Where the audit's heads are exported to, a file for each worker. */
  readonly folder: string
  readonly random: Random
  /** Where people talk to them; undefined: at the door. */
  readonly chat: Chat | undefined
}

interface Member {
  readonly index: number
  readonly wires: Readonly<Partial<Record<Wire, Relay>>>
  life: Life | undefined
  lives: number
  /** It works; it may be paused. */
  up: boolean
  /** Killed, and not to be started before its time. */
  down: boolean
}

const RESTART_MS = 300
const LOOK_MS = 50

export const headsFile = (folder: string, index: number) => join(folder, `audit-heads-${index}.jsonl`)

/** The worker processes, each with wires of its own to everything outside it, as a supervisor keeps them: who dies is started again. */
export class Crew {
  readonly #options: CrewOptions
  readonly #members: Member[] = []
  readonly #pending = new Map<number, (answer: Answer) => void>()
  /** Last words of workers that ended though nobody killed them. */
  readonly fell: string[] = []
  #numbers = 0
  #over = false

  private constructor(options: CrewOptions) {
    this.#options = options
  }

  static async open(options: CrewOptions): Promise<Crew> {
    const crew = new Crew(options)
    for (let index = 0; index < options.workers; index++) {
      const wires = await wiresTo(options)
      crew.#members.push({ index, wires, life: undefined, lives: 0, up: false, down: false })
    }
    // One after the other: the first makes the schema.
    for (const member of crew.#members) {
      crew.#start(member)
      await Promise.race([member.life?.ready, member.life?.ended])
    }
    if (!crew.#members.every(({ up }) => up)) throw new Error(`Undisturbed, workers do not start: ${crew.said()}`)
    return crew
  }

  get files(): readonly string[] {
    return this.#members.map(({ index }) => headsFile(this.#options.folder, index))
  }

  /** Asks one of those that work; undefined when it did not answer in time. `late` hears the answer also after that. */
  async call(wanted: Wanted, patienceMs: number, late?: (answer: Answer) => void): Promise<Answer | undefined> {
    const ups = this.#members.filter(({ up }) => up)
    if (ups.length === 0) return void (await pause(LOOK_MS))
    return this.#tell(this.#options.random.pick(ups), wanted, patienceMs, late)
  }

  /** Where people in a chat reach one of those that work. */
  address(): string | undefined {
    const ups = this.#members.filter(({ up }) => up)
    return ups.length > 0 ? this.#options.random.pick(ups).life?.address : undefined
  }

  async #tell(
    member: Member,
    wanted: Wanted,
    patienceMs: number,
    late?: (answer: Answer) => void,
  ): Promise<Answer | undefined> {
    const number = this.#numbers++
    const { promise, resolve } = Promise.withResolvers<Answer>()
    this.#pending.set(number, (answer) => {
      late?.(answer)
      resolve(answer)
    })
    member.life?.tell({ number, wanted })
    return Promise.race([
      promise,
      member.life?.ended.then(() => undefined),
      pause(patienceMs, undefined, { ref: false }),
    ])
  }

  /** Whether a worker stands where the fault would befall it. */
  stands(fault: Fault): boolean {
    const worker = 'worker' in fault ? fault.worker : 'all'
    return this.#members.some(({ index, up }) => up && (worker === 'all' || worker === index))
  }

  /** Resolves with whether there was somebody for the fault to befall. */
  async begin(fault: Fault): Promise<boolean> {
    if (fault.kind === 'disk full') return false
    if (fault.kind === 'wire') {
      for (const wire of this.#wires(fault)) await wire.suffer(fault.trouble)
      return this.stands(fault)
    }
    const member = this.#members[fault.worker]
    if (!member?.life || !member.up) return false
    if (fault.kind === 'clock') void this.#tell(member, { aheadMs: fault.aheadMs }, 0)
    if (fault.kind === 'paused') signal(member.life, 'SIGSTOP')
    if (fault.kind === 'killed') {
      member.down = true
      await member.life.kill()
    }
    return true
  }

  async end(fault: Fault): Promise<void> {
    if (fault.kind === 'disk full') return
    if (fault.kind === 'wire') {
      for (const wire of this.#wires(fault)) await wire.mend()
      return
    }
    const member = this.#members[fault.worker]
    if (!member) return
    if (fault.kind === 'clock' && member.up) void this.#tell(member, { aheadMs: 0 }, 0)
    if (fault.kind === 'paused' && member.life) signal(member.life, 'SIGCONT')
    if (fault.kind === 'killed' && member.down) this.#start(member)
  }

  #wires(fault: Extract<Fault, { kind: 'wire' }>): readonly Pick<Relay, 'suffer' | 'mend'>[] {
    if (fault.wire === 'chat') return this.#options.chat?.wire ? [this.#options.chat.wire] : []
    const hit = this.#members.filter(({ index }) => fault.worker === 'all' || fault.worker === index)
    return hit.flatMap(({ wires }) => wires[fault.wire] ?? [])
  }

  #start(member: Member): void {
    const { place, outside, services, times, folder, chat } = this.#options
    const { index, wires } = member
    const { store } = place
    const life = startLife(
      {
        store: store.backend === 'postgres' && wires.database ? { ...store, url: wires.database.url } : store,
        queue: wires.queue ? { url: wires.queue.url } : place.queue,
        outside: `${new URL(wires.cluster?.url ?? outside.url).origin}/by-${index}`,
        // A bell refuses nothing, so a late hand on it is nobody's to stop: no wire of ours is in between.
        bells: `${outside.url}/by-${index}`,
        // The embedded program is alone and keeps its name; workers on a server never share one.
        workerId: store.backend === 'pglite' ? 'embedded' : `worker-${index}-${member.lives}`,
        ...{ services, rules: RULES, plan: undefined, auditHeads: headsFile(folder, index), ...times },
        people: chat ? PEOPLE.map((person) => ({ ...person, accounts: [chat.accountOf(person.id)] })) : PEOPLE,
        ...(chat ? { chat: chat.config } : {}),
      },
      outside,
      { asked: () => undefined, chat, more: (message) => this.#hear(message) },
      '../chaos/worker.ts',
    )
    Object.assign(member, { life, up: false, down: false, lives: member.lives + 1 })
    void life.ready.then(() => {
      if (member.life === life && !life.hasEnded()) member.up = true
    })
    void life.ended.then(async () => {
      const worked = member.up
      member.up = false
      if (this.#over || member.down) return
      // One that cannot start because what it needs is away says so and goes; one that worked must not.
      if (worked) this.fell.push(`worker ${index}: ${life.said().slice(0, 900) || 'without a word'}`)
      await pause(RESTART_MS)
      if (!this.#over && !member.down) this.#start(member)
    })
  }

  #hear(message: unknown): void {
    const { number, answer } = message as Replied // its own message, with its own type
    this.#pending.get(number)?.(answer)
    this.#pending.delete(number)
  }

  said(): string {
    return this.#members.map(({ life }) => life?.said().slice(-400) ?? '').join('')
  }

  async close(): Promise<void> {
    this.#over = true
    for (const { life } of this.#members) if (life && !life.hasEnded()) await life.kill()
    for (const { wires } of this.#members) for (const relay of Object.values(wires)) await relay.close()
  }
}

async function wiresTo({ place: { store, queue }, outside }: CrewOptions): Promise<Member['wires']> {
  return {
    cluster: await relayTo(outside.url),
    ...(store.backend === 'postgres' ? { database: await relayTo(store.url) } : {}),
    ...(queue === 'store' ? {} : { queue: await relayTo(queue.url) }),
  }
}

/** It may have ended. */
function signal(life: Life, name: 'SIGSTOP' | 'SIGCONT'): void {
  if (!life.hasEnded()) process.kill(life.pid, name)
}
