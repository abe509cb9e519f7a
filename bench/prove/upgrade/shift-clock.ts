import { openServerClock } from './server-clock.ts'

const RealDate = Date

export interface ShiftedClock {
  ahead(ms: number): Promise<void>
  back(): void
}

/**
 * Makes this process believe that it is another time, from which its clock goes on; `ahead` moves it once more. The embedded store runs in this
 * process and asks its clock; that of a server (`url`: of a database of ours) is moved with it.
 */
export async function shiftClock(to: Date, url: string | undefined): Promise<ShiftedClock> {
  const server = url === undefined ? undefined : await openServerClock(url)
  let offsetMs = to.getTime() - RealDate.now()
  await server?.set(offsetMs)
  const now = () => RealDate.now() + offsetMs
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, words, newTarget) => Reflect.construct(target, words.length === 0 ? [now()] : words, newTarget),
    apply: () => new RealDate(now()).toString(),
    get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
  })
  return {
    async ahead(ms) {
      offsetMs += ms
      await server?.set(offsetMs)
    },
    back() {
      globalThis.Date = RealDate
    },
  }
}
