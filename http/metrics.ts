import { readFileSync } from 'node:fs'
import { Router } from 'express'
import { collectDefaultMetrics, Registry } from 'prom-client'
import type { Telemetry } from '../core/ports/telemetry.ts'
import { isChange, type Skill } from '../core/skill.ts'
import { SEVERAL } from '../operations/several/expand.ts'
import { countDeeds } from './metrics/deeds.ts'
import { type GaugeSources, keepGauges } from './metrics/gauges.ts'

export interface Metrics {
  /** Counts what is told. */
  readonly telemetry: Telemetry
  /** `GET /metrics`, in Prometheus' text format. */
  routes(): Router
  /** What is asked at a scrape, once there is somebody to ask. */
  watch(sources: Omit<GaugeSources, 'version' | 'role'> & { readonly skills: readonly Skill[] }): void
}

/** This program's metrics. Labels are names of ours (skills, states, surfaces, verbs), never words of people: their number is bounded. */
export function createMetrics(role: string): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  let refresh: (() => Promise<void>) | undefined
  const deeds = countDeeds(registry)
  return {
    telemetry: deeds,
    routes() {
      const router = Router()
      router.get('/metrics', async (_request, response) => {
        await refresh?.()
        response.setHeader('Content-Type', registry.contentType)
        response.setHeader('Cache-Control', 'no-store')
        response.end(await registry.metrics())
      })
      return router
    },
    watch({ skills, ...sources }) {
      deeds.expect([SEVERAL, ...skills.filter(isChange).map(({ name }) => name)])
      refresh = keepGauges(registry, { ...sources, version: versionOf(), role })
    },
  }
}

function versionOf(): string {
  const about: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return typeof about === 'object' && about && 'version' in about ? String(about.version) : 'unknown'
}
