import { createRandom } from '../../random.ts'
import type { FaultBook } from '../faults.ts'
import type { Run } from '../kubelet/container.ts'
import { serviceNamed } from '../shop/services.ts'
import { type Level, requestLine } from './lines.ts'

export interface LogLine {
  timeMs: number
  text: string
}

export interface LogSource {
  run: Run
  service: string | undefined
  namespace: string
  pod: string
  faults: FaultBook
}

/** A healthy container writes one request line in this time; only a sample of its requests is logged. */
const slotMs = 2000
/** A container's log keeps this many lines, as a node's log rotation would. */
const keptLines = 3000

/**
 * The lines a container wrote between two instants. Nothing is stored: the same container, instant and faults always
 * give the same lines, so following a log, reading it again and reading the past agree.
 */
export function linesBetween(source: LogSource, fromMs: number, toMs: number): LogLine[] {
  const { program, endedMs } = source.run
  const endMs = Math.min(toMs, endedMs ?? Number.POSITIVE_INFINITY)
  const oldestMs = endMs - keptLines * slotMs
  const lines = [...startLines(source), ...endLines(source)]
  const firstSlot = Math.floor(Math.max(fromMs, oldestMs, program.listeningFromMs) / slotMs)
  for (let slot = firstSlot; slot * slotMs <= endMs; slot++) {
    const line = requestAt(source, slot)
    if (line !== undefined && line.timeMs < (endedMs ?? Number.POSITIVE_INFINITY)) lines.push(line)
  }
  return lines
    .filter((line) => line.timeMs >= fromMs && line.timeMs < toMs)
    .sort((left, right) => left.timeMs - right.timeMs)
    .slice(-keptLines)
}

function write(timeMs: number, level: Level, fields: Record<string, string | number>): LogLine {
  return { timeMs, text: JSON.stringify({ time: new Date(timeMs).toISOString(), level, ...fields }) }
}

function startLines({ run, service, namespace }: LogSource): LogLine[] {
  const { program } = run
  const { startedMs, behaviour } = program
  const name = service ?? run.image.repository
  const lines = [
    write(startedMs + 40, 'info', { msg: `starting ${name} ${run.image.tag ?? run.image.digest}`, namespace }),
  ]
  const crash = behaviour.crash
  if (crash !== undefined) return lines
  if (behaviour.startSeconds > 20) {
    for (let second = 10; second < behaviour.startSeconds; second += 10) {
      const percent = Math.round((second / behaviour.startSeconds) * 100)
      lines.push(write(startedMs + second * 1000, 'info', { msg: 'warming cache', percent }))
    }
  }
  lines.push(write(program.listeningFromMs, 'info', { msg: 'listening', port: 8080 }))
  if (behaviour.neverReady) {
    for (let second = 5; second <= 60; second += 5) {
      const fields = { msg: 'not ready: waiting for migration lock "schema-2024-11"', waitedSeconds: second }
      lines.push(write(program.listeningFromMs + second * 1000, 'warn', fields))
    }
  }
  if (behaviour.hangAfterSeconds !== undefined) {
    const fields = { msg: 'event loop blocked', blockedMs: 4000 }
    lines.push(write(startedMs + behaviour.hangAfterSeconds * 1000 - 500, 'warn', fields))
  }
  return lines
}

function endLines({ run }: LogSource): LogLine[] {
  const { endedMs, exit, program } = run
  if (endedMs === undefined) return []
  const crash = program.behaviour.crash
  if (exit?.reason === 'OOMKilled') {
    const before = { msg: 'heap is growing', heapUsedMiB: Math.round(program.memoryMiB(endedMs) * 0.93) }
    return [
      write(endedMs - 20_000, 'warn', before),
      write(endedMs - 3000, 'warn', { msg: 'garbage collection takes 61 % of the time' }),
    ]
  }
  if (exit?.reason === 'Error' && crash !== undefined && exit.exitCode === crash.exitCode) {
    return crash.lines.map((text, index) => ({ timeMs: endedMs - (crash.lines.length - index) * 8, text }))
  }
  if (exit?.exitCode === 1) {
    return [
      write(endedMs - 5, 'error', {
        msg: 'fatal: uncaught exception',
        error: 'RangeError: Maximum call stack size exceeded',
      }),
    ]
  }
  return [write(endedMs - 5, 'info', { msg: 'received SIGTERM, shutting down' })]
}

function requestAt(source: LogSource, slot: number): LogLine | undefined {
  const { run, pod, namespace, faults } = source
  const { program } = run
  const random = createRandom(`${pod}/${run.containerId}/${slot}`)
  const timeMs = slot * slotMs + Math.floor(random.next() * slotMs)
  if (timeMs < program.listeningFromMs || program.isHung(timeMs) || program.behaviour.neverReady) return undefined
  const service = serviceNamed(source.service)
  const active = faults.of(source.service, namespace, timeMs)
  const calls = service?.calls ?? []
  const failing = calls.find((call) => active.unreachable.includes(call.to) && random.next() < call.weight)?.to
  const share = 1 - (1 - (program.behaviour.errorShare ?? 0.0008)) * (1 - active.errorShare)
  const failed = failing !== undefined || random.next() < share
  const latencyMs = (service?.cost.latencyMs ?? 10) * (program.behaviour.latencyFactor ?? 1) + active.latencyMs
  const { level, fields } = requestLine(service, { failed, failing, latencyMs }, random.next)
  return write(timeMs, level, fields)
}
