import type { SimulatedClock } from '../../clock.ts'
import type { LogOptions, ReadLogs } from '../../mounts.ts'
import { badRequest } from '../../store/errors.ts'
import type { FaultBook } from '../faults.ts'
import type { ContainerRuntime, Run } from '../kubelet/container.ts'
import type { Kubelet } from '../kubelet/kubelet.ts'
import { type LogLine, type LogSource, linesBetween } from './container-log.ts'

const followEveryMs = 500
/** A program's last words are known only when it ended, a little after the time they carry. */
const lateMs = 30_000

/** Logs as `kubectl logs` asks for them. */
export function createLogReader(kubelet: Kubelet, faults: FaultBook, clock: SimulatedClock): ReadLogs {
  return ({ namespace, name }, containerName, options) => {
    const worker = kubelet.workerOf(namespace, name)
    const container = worker?.containers.find((each) => each.spec.name === containerName)
    const subject = `container "${containerName}" in pod "${name}"`
    if (container === undefined) throw badRequest(`${subject} is waiting to start: ContainerCreating`)
    // While a container waits for its next start, its last run is what there is to read.
    const run = options.previous ? previousOf(container) : container.run
    if (run === undefined) {
      if (options.previous) throw badRequest(`previous terminated ${subject} not found`)
      const { waiting } = container.state
      const reason = waiting?.reason ?? 'ContainerCreating'
      const isPull = reason === 'ErrImagePull' || reason === 'ImagePullBackOff'
      throw badRequest(`${subject} is waiting to start: ${isPull ? 'trying and failing to pull image' : reason}`)
    }
    const source: LogSource = { run, service: worker?.service, namespace, pod: name, faults }
    const nowMs = clock.now()
    const lines = linesBetween(source, options.since?.getTime() ?? 0, nowMs)
    const shown = options.tailLines === undefined ? lines : lines.slice(Math.max(0, lines.length - options.tailLines))
    const text = shown.map((line) => format(line, options)).join('')
    return options.follow && run.endedMs === undefined ? follow(source, text, nowMs, options, clock) : text
  }
}

/** What ended last: the run that just ended while a container waits, else the one before the present. */
function previousOf(container: ContainerRuntime): Run | undefined {
  if (container.run?.endedMs !== undefined) return container.run
  return container.previousRun
}

function format(line: LogLine, options: LogOptions): string {
  return options.timestamps
    ? `${new Date(line.timeMs).toISOString().replace('Z', '000000Z')} ${line.text}\n`
    : `${line.text}\n`
}

async function* follow(
  source: LogSource,
  first: string,
  fromMs: number,
  options: LogOptions,
  clock: SimulatedClock,
): AsyncGenerator<string> {
  yield first
  const shown = new Set(linesBetween(source, fromMs - lateMs, fromMs).map((line) => line.text))
  while (!options.signal.aborted) {
    await passTime(clock, options.signal)
    const nowMs = clock.now()
    const recent = linesBetween(source, nowMs - lateMs, nowMs)
    const fresh = recent.filter((line) => !shown.has(line.text))
    shown.clear()
    for (const line of recent) shown.add(line.text)
    if (fresh.length > 0) yield fresh.map((line) => format(line, options)).join('')
    if (source.run.endedMs !== undefined && source.run.endedMs <= nowMs) return
  }
}

function passTime(clock: SimulatedClock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.after(followEveryMs, done)
    function done() {
      timer.cancel()
      signal.removeEventListener('abort', done)
      resolve()
    }
    if (signal.aborted) done()
    else signal.addEventListener('abort', done)
  })
}
