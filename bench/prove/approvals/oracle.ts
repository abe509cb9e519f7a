import { type AccountKind, GLASS_VALID_MS, grantsOf, NAMES, type Name, YES_VALID_MS } from './crew.ts'

interface Right {
  readonly role: string
  readonly environments: readonly string[]
}

interface Yes {
  readonly name: Name
  readonly at: number
  /** The plan it was said to: what the clicked card showed. */
  readonly from: number
  readonly to: number
}

/**
 * What may run, worked out a second time from what people did and from nothing of ours: no query, no hash, no gate. Slow and plain, so
 * that it can be read against the promise.
 */
export class Oracle {
  readonly requester: Name
  readonly environment: string
  count: number
  readonly #rights = new Map<Name, Right[]>()
  readonly #active = new Set<Name>(NAMES)
  readonly #accounts = new Set<string>()
  readonly #lent = new Map<Name, { readonly to: Name; readonly until: number }>()
  #yeses = new Map<Name, Yes>()
  #glass: { readonly by: Name; readonly at: number } | undefined
  #went = false
  #no: Name | undefined
  readonly #needsGo: boolean

  constructor(given: { requester: Name; environment: string; count: number; needsGo: boolean }) {
    this.requester = given.requester
    this.environment = given.environment
    this.count = given.count
    this.#needsGo = given.needsGo
    for (const name of NAMES) {
      this.#rights.set(name, [...grantsOf(name)])
      for (const kind of ['web', 'cli']) this.#accounts.add(`${name}-${kind}`)
    }
  }

  // What people did.
  grant = (name: Name, role: string) => this.#rights.get(name)?.push({ role, environments: ['*'] })
  revoke = (name: Name, role: string) =>
    this.#rights.set(
      name,
      this.#rightsOf(name).filter((right) => right.role !== role),
    )
  leave = (name: Name) => this.#active.delete(name)
  unlink = (name: Name, account: AccountKind) => this.#accounts.delete(`${name}-${account}`)
  lend = (from: Name, to: Name, until: number) => this.#lent.set(from, { to, until })
  say = (yes: Yes) => this.#yeses.set(yes.name, yes)
  go = () => {
    this.#went = true
  }
  reject = (by: Name) => {
    this.#no = by
  }
  breakGlass = (by: Name, at: number) => {
    this.#glass = { by, at }
  }
  /** The plan is another one: nothing that was said to the old one counts. */
  planChanged(): void {
    this.#yeses = new Map()
    this.#glass = undefined
    this.#went = false
  }

  #rightsOf = (name: Name): readonly Right[] => this.#rights.get(name) ?? []

  holds(name: Name, role: string): boolean {
    const counts = ({ role: held, environments }: Right) =>
      held === role && (environments.includes('*') || environments.includes(this.environment))
    return this.#active.has(name) && this.#rightsOf(name).some(counts)
  }

  isLinked = (name: Name, account: AccountKind) => this.#active.has(name) && this.#accounts.has(`${name}-${account}`)

  /** Whose approver's right somebody may use now. */
  usable(name: Name, now: number): readonly Name[] {
    if (name === this.requester || !this.#active.has(name)) return []
    const lenders = NAMES.filter((lender) => {
      const lent = this.#lent.get(lender)
      return lent?.to === name && lent.until > now && lender !== this.requester && this.holds(lender, 'approver')
    })
    return this.holds(name, 'approver') ? [name, ...lenders] : lenders
  }

  /** Why a plan may not run now; undefined when it may. `from` and `to` are what would happen. */
  objection(now: number, from: number, to: number): string | undefined {
    if (!this.holds(this.requester, 'operator')) return `${this.requester} may not ask for it (any more)`
    if (this.#no) return `${this.#no} rejected it`
    const glass = this.#glass
    const broken = glass && now < glass.at + GLASS_VALID_MS && this.holds(glass.by, 'breakglass')
    if (this.#needsGo && !this.#went && !(broken && glass.by === this.requester))
      return `${this.requester} never confirmed what a model read`
    if (broken) return undefined
    const good = [...this.#yeses.values()].filter(
      (yes) => now < yes.at + YES_VALID_MS && yes.from === from && yes.to === to,
    )
    const distinct = mostDistinct(good.map(({ name }) => this.usable(name, now)))
    if (distinct >= this.count) return undefined
    const said = good.map(({ name }) => name).join(', ') || 'nobody'
    return `it needs ${this.count} and has the yes of ${said}, which counts ${distinct}`
  }
}

/** By trying everything: for the first, each right it may use or none, and so on. */
function mostDistinct(choices: readonly (readonly Name[])[], taken: readonly Name[] = []): number {
  const [first, ...rest] = choices
  if (!first) return 0
  const without = mostDistinct(rest, taken)
  return Math.max(
    without,
    ...first.filter((name) => !taken.includes(name)).map((name) => 1 + mostDistinct(rest, [...taken, name])),
  )
}
