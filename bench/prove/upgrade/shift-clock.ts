const RealDate = Date

/** Makes this process believe that it is another time, from which its clock goes on; `ahead` moves it once more. */
export function shiftClock(to: Date): { ahead(ms: number): void; back(): void } {
  let offsetMs = to.getTime() - RealDate.now()
  const now = () => RealDate.now() + offsetMs
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, words, newTarget) => Reflect.construct(target, words.length === 0 ? [now()] : words, newTarget),
    apply: () => new RealDate(now()).toString(),
    get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
  })
  return {
    ahead(ms) {
      offsetMs += ms
    },
    back() {
      globalThis.Date = RealDate
    },
  }
}
