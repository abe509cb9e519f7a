import type { Catalog } from '../core/catalog/catalog.ts'
import type { OperationId } from '../core/ids.ts'
import type { SurfaceName } from '../core/person.ts'
import type { Policy } from '../core/policy.ts'
import type { DeskReader, Mode, SkillGuide } from '../core/ports/desk.ts'
import type { Logger } from '../core/ports/logger.ts'
import type { PeopleDirectory } from '../core/ports/people.ts'
import type { Telemetry } from '../core/ports/telemetry.ts'
import { type ChangeSkill, isChange, type Readers, type Skill, type Writers } from '../core/skill.ts'
import type { SkillSet } from '../core/skill-set.ts'
import type { Queryable } from '../db/database.ts'
import type { ReadGateState } from '../db/gate-state.ts'
import type { StoredOperation } from '../db/operation-records.ts'
import type { Store } from '../db/store.ts'

/** What the door is built from. The desk's reader and writer are the door's own, so the outside ones come without it. */
export interface DoorDeps {
  readonly store: Store
  readonly skills: SkillSet
  readonly policy: Policy
  /** The modes until somebody says others (`mode` in the configuration, everywhere and by environment). Default `review` everywhere. */
  readonly defaultModes?: DefaultModes
  readonly catalog: () => Catalog
  readonly readers: Omit<Readers, 'desk'>
  readonly writers: Omit<Writers, 'desk'>
  readonly guide: SkillGuide
  readonly people: Pick<PeopleDirectory, 'all' | 'refresh'> & Partial<Pick<PeopleDirectory, 'version'>>
  /** This process's own; the door goes by the store's, and by this one only until the store has said what time it is. */
  readonly clock: () => Date
  readonly log: Logger
  /** Told of what was done. Absent: nobody is. */
  readonly telemetry?: Telemetry
  /** The worker name under which inline skills run in this process. */
  readonly inlineWorkerId: string
  readonly timing?: Partial<Timing>
  /** From 0 to 1: by how much of their half retries are put off further, so that what failed together is not tried together. Absent: by chance. */
  readonly random?: () => number
  /** What the door calls now, whatever this process's clock says. Absent: the database's own; tests have one that stands still, as `clock` does. */
  readonly storeClock?: (db: Queryable) => Promise<Date>
  /**
   * Called after every durable act of a run with its name. For tests, which throw here what a crash would be; absent in the program.
   */
  readonly afterDurable?: (act: string) => void
}

export interface DefaultModes {
  readonly everywhere: Mode
  readonly scoped: Readonly<Record<string, Mode>>
}

export interface Timing {
  /** How long a claim holds without being renewed; database time. */
  readonly leaseMs: number
  readonly renewMs: number
  /** Live progress is written at most this often. */
  readonly progressMs: number
  /** Waits between the tries of a run whose outside system does not answer, each up to half as long again and none longer than the longest; one try more than there are waits. */
  readonly retryMs: readonly number[]
  /** A preview that takes longer is given up. */
  readonly previewMs: number
  /** How long the queue has to bring a cancelled operation to a worker. */
  readonly cancelGraceMs: number
}

export const TIMING: Timing = {
  leaseMs: 30_000,
  renewMs: 10_000,
  progressMs: 1_000,
  // Over about two minutes: longer than a control plane's fail-over usually takes. None is so long that people go on waiting for what is back.
  retryMs: [2_000, 5_000, 10_000, 20_000, 30_000, 30_000, 30_000],
  previewMs: 30_000,
  cancelGraceMs: 2_000,
}

/** The door's parts, as its files hand them to one another. */
export interface House extends Omit<DoorDeps, 'skills' | 'timing' | 'random' | 'telemetry' | 'storeClock'> {
  readonly skills: ReadonlyMap<string, Skill>
  readonly timing: Timing
  readonly random: () => number
  readonly telemetry: Telemetry
  /** The store's time as it was last asked for, counted on (`keepTime` asks where that is due). Where waiting begins or ends, `storeClock` is asked. */
  readonly clock: () => Date
  readonly keepTime: () => Promise<void>
  readonly storeClock: (db: Queryable) => Promise<Date>
  readonly desk: DeskReader
  /** Surfaces of threads seen so far. */
  readonly surfaces: Map<string, SurfaceName>
  /** Operations running in this process, to stop them when a cancel is committed here. */
  readonly running: Map<string, { readonly fence: number; cancel(): void }>
  /** Puts back here, a moment later, a cancelled operation that no worker has taken up by then: stopping must not wait for the queue. */
  readonly takeUp: (id: OperationId) => void
  /** Operations that were stored here a moment ago, for the run that most likely follows here: its claim compares them with the store. */
  readonly justStored: Map<OperationId, StoredOperation>
  /** What the store last said of locks, switches and delegations; whoever decides by it has it compared when they write. */
  readonly gateSeen: { last: ReadGateState | undefined }
}

/** The change skill of that name; an operation of a skill that no longer exists has none. */
export function changeSkill(house: Pick<House, 'skills'>, name: string): ChangeSkill | undefined {
  const skill = house.skills.get(name)
  return skill && isChange(skill) ? skill : undefined
}
