import { setTimeout as pause } from 'node:timers/promises'
import type { CatalogEnvironment } from '../core/catalog/catalog.ts'
import type { Health } from '../core/ports/health.ts'
import type { LanguageModel } from '../core/ports/language-model.ts'
import { readMeta } from '../db/meta.ts'
import type { Store } from '../db/store.ts'
import { readVitals, type Vitals } from '../db/vitals.ts'
import type { HealthProbes } from './health.ts'

/** What the queue says of itself: what troubles it, since when. */
export interface QueueHealth {
  readonly backend: string
  readonly working: number
  readonly dispatcher?: { readonly since: Date; readonly says: string }
  readonly worker?: { readonly since: Date; readonly says: string }
  readonly sweeper?: { readonly since: Date; readonly says: string }
}

/** What a program tells of itself, and the way to have it tell that it is about to end. */
export interface ProgramHealth extends HealthProbes {
  /** Says so from now on; resolves after `forMs`, when those who send people here have asked. */
  leave(forMs: number): Promise<void>
}

/** The parts of the program, as `/readyz` and `npm run doctor` show them. Clusters, cards and the language model are shown, not needed: chat says when one is down. */
export function programHealth(parts: {
  readonly store: Store
  readonly queue: () => QueueHealth
  readonly environments: readonly CatalogEnvironment[]
  readonly model?: LanguageModel | undefined
  /** What is wrong with the rules, now that it is known which services there are; a sentence each. */
  readonly rules: () => readonly string[]
  readonly cluster: (environment: string) => Promise<Health>
}): ProgramHealth {
  let isLeaving = false
  const { store, queue, environments, cluster, model, rules } = parts
  return {
    isLeaving: () => isLeaving,
    async leave(forMs) {
      isLeaving = true
      await pause(forMs)
    },
    needed: {
      store: async () => {
        const before = performance.now()
        await readMeta(store.db, 'installation')
        return { ok: true, says: `${store.backend} answers in ${Math.round(performance.now() - before)} ms` }
      },
      queue: async () => {
        const { backend, working, dispatcher, worker, sweeper } = queue()
        const trouble = dispatcher ?? worker ?? sweeper
        if (trouble) return { ok: false, says: `${trouble.says} (since ${trouble.since.toISOString()})` }
        return { ok: true, says: `BullMQ on ${backend}, ${working} ${working === 1 ? 'job' : 'jobs'} in hand` }
      },
    },
    shown: {
      ...Object.fromEntries(environments.map(({ name }) => [`cluster:${name}`, () => cluster(name)])),
      rules: async () => ({ ok: rules().length === 0, says: rules().join('; ') || 'each speaks of what there is' }),
      cards: async () => cardHealth(await readVitals(store)),
      ...(model ? { 'language model': () => model.health() } : {}),
    },
  }
}

/** A card that waits longer than this is late, whoever is to blame. */
const LATE_SECONDS = 30

function cardHealth({ cards }: Vitals): Health {
  const ok = cards.every(({ oldestSeconds }) => oldestSeconds < LATE_SECONDS)
  const due = cards.map(({ surface, due, refused, oldestSeconds }) => {
    const turned = refused > 0 ? `, ${refused} of them refused for good` : ''
    return `${due} on ${surface} due for up to ${Math.round(oldestSeconds)} s${turned}`
  })
  return { ok, says: due.join('; ') || 'every card is shown as it is' }
}
