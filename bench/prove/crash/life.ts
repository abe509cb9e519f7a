import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Chat } from '../surfaces/chat.ts'
import type { Outside } from './outside.ts'
import { Gauge, type KillPlan, type Moment } from './points.ts'
import type { Asking, FromLife, LifeOptions } from './worker.ts'

/** One life of the program, from its start to the moment somebody or something ends it. */
export interface Life {
  readonly pid: number
  /** Resolves when it works; never when it ends before that. */
  readonly ready: Promise<void>
  readonly ended: Promise<void>
  /** Where it is spoken to, once it works and where anybody talks to it. */
  readonly address: string | undefined
  readonly hasEnded: () => boolean
  ask(asking: Asking): void
  /** From now on it ends (or is paused) there. */
  arm(plan: KillPlan): void
  /** Drops BullMQ's schema. */
  wipe(): Promise<void>
  /** Operations that are not over. */
  unfinished(): Promise<number>
  /** Operations that the queue was handed and nobody has begun. */
  inQueue(): Promise<number>
  /** For programs that hear more than the crash's. */
  tell(message: object): void
  /** kill -9 from outside. */
  kill(): Promise<void>
  /** Its errors, for a proof that fails. */
  said(): string
}

export interface LifeHears {
  readonly asked: (key: string, operation: string) => void
  /** Absent: what it says to the outside is watched elsewhere. */
  readonly passing?: (passing: string) => void
  /** Where it talks to people: what it says there is watched as well. */
  readonly chat?: Chat | undefined
  /** What programs say that say more than the crash's. */
  readonly more?: (message: unknown) => void
}

type Counted = Pick<Extract<FromLife, { is: 'unfinished' }>, 'count' | 'inQueue'>

export function startLife(options: LifeOptions, outside: Outside, hears: LifeHears, program = 'worker.ts'): Life {
  const child = fork(join(import.meta.dirname, program), [JSON.stringify(options)], {
    // A life is too short for the embedded engine to be compiled twice, the second time well.
    execArgv: [...process.execArgv, '--liftoff-only'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const { pid } = child
  if (pid === undefined) throw new Error('The program could not be started.')
  let over = false
  let address: string | undefined
  const said: string[] = []
  child.stderr?.on('data', (bytes) => said.push(String(bytes)))
  const gauge = new Gauge(options.plan)
  // A process that is only paused is watched from elsewhere: there are several of them.
  const { passing: hear } = hears
  if (hear && !options.pauses) {
    const watch = (passing: string, moment: Moment) => {
      if (over) return false
      if (moment === 'before') hear(passing)
      if (!gauge.endsAt(passing, moment)) return false
      child.kill('SIGKILL')
      return true
    }
    outside.watch = watch
    if (hears.chat) hears.chat.watch = watch
  }
  const ready = Promise.withResolvers<void>()
  const counts: ((told: Counted) => void)[] = []
  const wipes: (() => void)[] = []
  // Its own messages, with its own types.
  child.on('message', (message) => {
    const told = message as FromLife
    if (told.is === 'ready') {
      address = told.address
      ready.resolve()
    } else if (told.is === 'asked') hears.asked(told.key, told.operation)
    else if (told.is === 'passing') hear?.(told.passing)
    else if (told.is === 'wiped') wipes.shift()?.()
    else if (told.is === 'unfinished') counts.shift()?.(told)
    else hears.more?.(message)
  })
  child.on('error', () => undefined)
  const ended = once(child, 'exit').then(() => {
    over = true
    hears.chat?.died()
  })
  const send = (message: object) => {
    // It may end while it is told something.
    if (!over && child.connected) child.send(message, () => undefined)
  }
  const count = () => {
    const { promise, resolve } = Promise.withResolvers<Counted>()
    counts.push(resolve)
    send({ count: true })
    return Promise.race([promise, ended.then(() => ({ count: Number.NaN, inQueue: Number.NaN }))])
  }
  return {
    pid,
    ready: ready.promise,
    ended,
    get address() {
      return address
    },
    hasEnded: () => over,
    ask: (asking) => send({ ask: asking }),
    arm: (plan) => send({ arm: plan }),
    wipe() {
      const { promise, resolve } = Promise.withResolvers<void>()
      wipes.push(resolve)
      send({ wipe: true })
      return Promise.race([promise, ended])
    },
    unfinished: async () => (await count()).count,
    inQueue: async () => (await count()).inQueue,
    tell: send,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    said: () => said.join(''),
  }
}

export const planOf = (plan: KillPlan): string => `${plan.moment} ${plan.passing} (${plan.nth})`
