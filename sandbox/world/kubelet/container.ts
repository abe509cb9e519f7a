import type { Timer } from '../../clock.ts'
import type { ResolvedImage } from '../../registry/registry.ts'
import type { Container, ContainerState } from '../../store/kinds.ts'
import type { ProbeLoop } from './probe-loop.ts'
import type { PlannedExit, Program } from './program.ts'

/** One start of a container, kept after its end for `logs --previous` and lastState. */
export interface Run {
  program: Program
  image: ResolvedImage
  containerId: string
  endedMs: number | undefined
  exit: Pick<PlannedExit, 'exitCode' | 'reason'> | undefined
}

/** What the kubelet knows of one container of one pod. */
export interface ContainerRuntime {
  spec: Container
  state: ContainerState
  lastState: ContainerState
  run: Run | undefined
  previousRun: Run | undefined
  restartCount: number
  started: boolean
  ready: boolean
  /** Failures in a row, for the back-off; forgotten after ten minutes of running. */
  crashes: number
  pullFailures: number
  probes: ProbeLoop[]
  timers: Timer[]
}

export function createContainerRuntime(spec: Container): ContainerRuntime {
  return {
    spec,
    state: { waiting: { reason: 'ContainerCreating' } },
    lastState: {},
    run: undefined,
    previousRun: undefined,
    restartCount: 0,
    started: false,
    ready: false,
    crashes: 0,
    pullFailures: 0,
    probes: [],
    timers: [],
  }
}

/** Calls off everything that is planned for a container. */
export function quiet(container: ContainerRuntime): void {
  for (const timer of container.timers) timer.cancel()
  for (const probe of container.probes) probe.stop()
  container.timers = []
  container.probes = []
}

const firstBackoffMs = 10_000
const longestBackoffMs = 300_000

/** 10 s, 20 s, 40 s, … 300 s; `failures` counts from 1. */
export function backoffMs(failures: number): number {
  return Math.min(longestBackoffMs, firstBackoffMs * 2 ** Math.max(0, failures - 1))
}

/** "10s", "2m40s", "5m0s": Go's way of printing a whole number of seconds. */
export function formatBackoff(ms: number): string {
  const seconds = Math.round(ms / 1000)
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`
}
