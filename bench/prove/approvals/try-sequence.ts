import type { OperationId, PersonId } from '../../../core/ids.ts'
import { isTerminal } from '../../../core/states.ts'
import { approvalsOf } from '../../../db/approvals.ts'
import type { StoredOperation } from '../../../db/operation-records.ts'
import { changePeople, refused, touchesPeople } from './change-people.ts'
import { type Command, type Sequence, sayCommand } from './commands.ts'
import { Oracle } from './oracle.ts'
import { reasonLost, WHY_NOT } from './reasons.ts'
import { Broken, type Tally } from './tally.ts'
import type { Count, Town } from './town.ts'
import { changeOf } from './wheels.ts'

const MINUTE_MS = 60_000
/** What is tried on an operation that has ended: no more of it says more. */
const MOST_AFTER_END = 2

let tried = 0

/** Plays one sequence against the real door, and the oracle beside it. Throws Broken. */
export async function trySequence(town: Town, sequence: Sequence, tally: Tally): Promise<void> {
  tried += 1
  const player = new Player(town, sequence, `w${tried}`, tally)
  try {
    await player.play()
  } finally {
    if (sequence.commands.some(touchesPeople)) await town.resetPeople()
  }
}

class Player {
  readonly #town: Town
  readonly #sequence: Sequence
  readonly #oracle: Oracle
  readonly #wheel: string
  readonly #tally: Tally
  #count: Count
  #id = '' as OperationId // set before anything asks for it
  #firstHash = ''
  #seen: StoredOperation | undefined
  #keys = 0

  constructor(town: Town, sequence: Sequence, wheel: string, tally: Tally) {
    this.#town = town
    this.#sequence = sequence
    this.#wheel = wheel
    this.#tally = tally
    this.#count = sequence.count
    const { requester, environment, count, by } = sequence
    this.#oracle = new Oracle({ requester, environment, count, needsGo: by === 'model' })
  }

  async play(): Promise<void> {
    const { requester, environment, by, commands } = this.#sequence
    this.#id = await this.#town.propose(this.#count, requester, 'turn', this.#input(environment, 2), by)
    this.#seen = await this.#town.operation(this.#id)
    this.#firstHash = this.#seen.planHash
    this.#mayBeApproved('at once')
    let afterEnd = 0
    for (const command of commands) {
      if (this.#seen && isTerminal(this.#seen.state)) afterEnd += 1
      if (afterEnd > MOST_AFTER_END) break
      await this.#perform(command)
    }
    await this.#perform({ do: 'advance' })
  }

  async #perform(command: Command): Promise<void> {
    this.#tally.commands += 1
    await this.#do(command)
    await this.#look(sayCommand(command))
  }

  #input = (environment: string, value: number) => ({ service: this.#wheel, environment, value })

  /** A plan that became another one voids what was said to it, whoever or whatever changed it. */
  async #look(after: string): Promise<void> {
    const before = this.#seen
    const now = await this.#town.operation(this.#id)
    this.#seen = now
    if (before && before.planHash !== now.planHash) {
      this.#oracle.planChanged()
      const left = (await approvalsOf(this.#town.store.db, this.#id)).filter(({ voidedAt }) => !voidedAt)
      if (left.length > 0)
        throw this.#broken(`after "${after}" the plan is another one, and the yes of ${left[0]?.personId} still counts`)
      this.#tally.voided += 1
    }
    if (before?.state !== 'approved') this.#mayBeApproved(after)
  }

  #mayBeApproved(after: string): void {
    const operation = this.#seen
    if (operation?.state !== 'approved') return
    const { from, to } = changeOf(operation)
    const objection = this.#oracle.objection(this.#town.now().getTime(), from, to)
    if (objection) throw new Broken(`${operation.id} was approved after "${after}" though ${objection}`)
  }

  async #do(command: Command): Promise<void> {
    const town = this.#town
    const oracle = this.#oracle
    switch (command.do) {
      case 'approve':
        return this.#approve(command)
      case 'reject':
        return this.#reject(command)
      case 'go': {
        const [reply] = await this.#click(command.name, 'web', 'go')
        if (reply && command.name !== oracle.requester)
          throw this.#broken(`${command.name} confirmed for ${oracle.requester}`)
        if (reply) oracle.go()
        return
      }
      case 'break the glass': {
        const [reply] = await this.#click(command.name, 'web', 'break-glass', { reason: command.reason })
        if (!reply) return
        if (!oracle.holds(command.name, 'breakglass'))
          throw this.#broken(`${command.name} broke the glass without the role`)
        if (!command.reason.trim()) throw this.#broken(`${command.name} broke the glass without a reason`)
        oracle.breakGlass(command.name, town.now().getTime())
        return this.#explained('break-glass', command.reason)
      }
      case 'edit':
        return this.#edit(command.name, command.value)
      case 'nudge':
        return town.wheels.nudge(this.#wheel, command.value)
      case 'later':
        return town.later(command.minutes * MINUTE_MS)
      case 'tick':
        return town.tick(this.#count, this.#id)
      case 'advance':
        return this.#advance()
      case 'policy':
        this.#count = command.count
        oracle.count = command.count
        return
      case 'cancel':
        return void (await this.#click(command.name, 'web', 'cancel'))
      default:
        return changePeople(town, oracle, this.#count, command)
    }
  }

  async #approve({ name, account, clicks, card }: Extract<Command, { do: 'approve' }>): Promise<void> {
    const times = clicks === 'one' ? 1 : clicks === 'twice' ? 2 : 3
    const shown = card === 'first' ? this.#firstHash : (this.#seen?.planHash ?? '')
    const before = this.#seen
    const rows = times > 1 ? await this.#auditedYeses() : 0
    // Twice is one click that the surface delivers again; three fingers are three.
    const replies = await this.#click(name, account, 'approve', { times, sameKey: clicks === 'twice', planHash: shown })
    const counted = replies.some(Boolean)
    const written = times > 1 ? (await this.#auditedYeses()) - rows : 0
    if (written > 1) throw this.#broken(`${times} clicks of ${name} at once made ${written} audit rows`)
    if (!counted || !before) return
    const now = this.#town.now().getTime()
    this.#tally.counted += 1
    if (!this.#oracle.isLinked(name, account))
      throw this.#broken(`the account ${account} of ${name} is not linked and approved`)
    if (this.#oracle.usable(name, now).length === 0) throw this.#broken(`${name} approved without a right to`)
    if (shown !== before.planHash) throw this.#broken(`${name} approved a plan that was replaced already`)
    if (before.expiresAt && before.expiresAt.getTime() <= now)
      throw this.#broken(`${name} approved a plan that had expired`)
    this.#oracle.say({ name, at: now, ...changeOf(before) })
  }

  async #reject({ name, account }: Extract<Command, { do: 'reject' }>): Promise<void> {
    const [counted] = await this.#click(name, account, 'reject', { reason: WHY_NOT })
    if (!counted) return
    this.#tally.rejected += 1
    if (name === this.#oracle.requester) throw this.#broken(`${name} rejected their own request`)
    if (!this.#oracle.isLinked(name, account))
      throw this.#broken(`the account ${account} of ${name} is not linked and rejected`)
    this.#oracle.reject(name)
    await this.#explained('reject', WHY_NOT)
  }

  async #explained(decision: 'reject' | 'break-glass', reason: string): Promise<void> {
    const lost = await reasonLost(this.#town.store, this.#id, decision, reason)
    if (lost) throw this.#broken(lost)
  }

  async #auditedYeses(): Promise<number> {
    const rows = await this.#town.audit(this.#id)
    return rows.filter(({ kind }) => kind === 'operation.approve' || kind === 'operation.approved').length
  }

  async #edit(name: string, value: number): Promise<void> {
    const { environment, requester, by } = this.#sequence
    const change = { operationId: this.#id, personId: name as PersonId, input: this.#input(environment, value) } // as above
    const edited = await refused(async () => {
      await this.#town.door(this.#count).edit({ ...change, said: `${value}`, by })
      return true
    })
    if (edited && name !== requester) throw this.#broken(`${name} corrected what ${requester} had asked for`)
  }

  async #click(
    name: string,
    account: 'web' | 'cli',
    verb: 'go' | 'approve' | 'reject' | 'break-glass' | 'cancel',
    more: { times?: number; sameKey?: boolean; planHash?: string; reason?: string } = {},
  ): Promise<boolean[]> {
    const { times = 1, sameKey = false, reason } = more
    const planHash = more.planHash ?? this.#seen?.planHash ?? ''
    this.#keys += 1
    const click = { name, account, id: this.#id, verb, planHash, reason }
    this.#tally.clicks += times
    const keys = Array.from({ length: times }, (_, n) => `${this.#wheel}-${this.#keys}${sameKey ? '' : `-${n}`}`)
    const replies = await Promise.all(keys.map((key) => this.#town.click(this.#count, { ...click, key })))
    const bug = replies.find(({ says }) => says.startsWith('Something went wrong'))
    if (bug) throw this.#broken(`a click ended in a bug of ours: ${bug.says}`)
    if (reason?.trim() && replies.some(({ says }) => says.includes('needs a reason')))
      throw this.#broken(`${name} wrote why, and was told that ${verb} needs a reason`)
    // Of a click that comes again we only hear that it came before.
    return replies.map(({ ok, says }) => ok && says !== 'This click was already counted.')
  }

  async #advance(): Promise<void> {
    const { wheels } = this.#town
    const before = this.#seen
    const from = wheels.read(this.#wheel)
    const effects = wheels.turned.length
    await this.#town.advance(this.#count, this.#id)
    const done = wheels.turned.slice(effects)
    const planned = before && changeOf(before)
    const objection = planned && this.#oracle.objection(this.#town.now().getTime(), from, planned.to)
    const [effect] = done
    if (done.length > 1) throw this.#broken(`it ran ${done.length} times`)
    if (effect) {
      if (before?.state !== 'approved') throw this.#broken(`it ran though it was ${before?.state}`)
      if (effect.from !== planned?.from || effect.to !== planned?.to)
        throw this.#broken(`it ran another plan than the one that stood`)
      if (objection) throw this.#broken(`it ran though ${objection}`)
      const glass = (await this.#town.operation(this.#id)).breakGlass
      const recorded = (await this.#town.audit(this.#id)).some(({ kind }) => kind === 'operation.break-glass')
      if (glass && !recorded) throw this.#broken('it ran on a broken glass that nobody wrote down')
      if (glass) this.#tally.ranBrokenGlass += 1
      else this.#tally.ranApproved += 1
    } else if (
      before?.state === 'approved' &&
      planned?.from === from &&
      planned.to !== from &&
      !objection &&
      before.policyVersion === `asks-${this.#count}`
    )
      throw this.#broken('it did not run though nothing stood in its way')
  }

  #broken = (what: string) => new Broken(`${this.#id}: ${what}`)
}
