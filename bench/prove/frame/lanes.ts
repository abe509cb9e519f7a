import { inLanes } from '../../places.ts'

export interface Group<T> {
  /** So many at once. */
  readonly lanes: number
  readonly tasks: readonly T[]
}

/** Performs each task once: all groups side by side, each in its lanes and in the order given. */
export async function performInLanes<T>(
  groups: readonly Group<T>[],
  perform: (task: T) => Promise<void>,
): Promise<void> {
  const at = async (list: readonly T[], index: number) => {
    const task = list[index]
    if (task !== undefined) await perform(task)
  }
  await Promise.all(groups.map(({ lanes, tasks }) => inLanes(lanes, tasks.length, (index) => at(tasks, index))))
}
