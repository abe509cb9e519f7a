import { fileURLToPath } from 'node:url'
import { createNameIndex } from '../../bot/people/names.ts'
import { createModelReader } from '../../bot/understand/language-model/model-reader.ts'
import { understand } from '../../bot/understand/understand.ts'
import { createLanguageModel, type LanguageModelOptions } from '../../clients/llm/client.ts'
import { buildCatalog } from '../../core/catalog/build.ts'
import { loadConfig } from '../../core/config.ts'
import type { Interpretation } from '../../core/interpretation.ts'
import type { ModelSpending } from '../../core/ports/language-model.ts'
import { silentLogger } from '../../core/ports/logger.ts'
import { isChange } from '../../core/skill.ts'
import { loadSpokenSkills } from '../../core/skill-set.ts'

/** When the sentences of the test were said, and by whom (bench/understand/README.md). */
const NOW = new Date('2026-11-18T14:05:00Z')
const SPEAKER = { timezone: 'Europe/Berlin' }
const SKILLS = fileURLToPath(new URL('../../skills', import.meta.url))
const CATALOG = fileURLToPath(new URL('../understand/catalog.yaml', import.meta.url))

export interface Reading {
  readonly interpretation: Interpretation
  /** The model was asked for it. */
  readonly asked: boolean
  /** It was asked and did not answer. */
  readonly silent?: string
}

export interface EvalReader {
  read(text: string): Promise<Reading>
  readonly changes: ReadonlySet<string>
  /** One for each question that went out. */
  readonly spent: readonly ModelSpending[]
}

/**
 * The program's own cascade on the test's company: command form and local reader, then the model where it may tell more. With `alone`
 * the model reads everything, as if nobody had read before it.
 */
export async function createEvalReader(
  options: Pick<LanguageModelOptions, 'config' | 'key' | 'resilience'> & { readonly alone: boolean },
): Promise<EvalReader> {
  const config = loadConfig({ file: CATALOG })
  const skills = await loadSpokenSkills(SKILLS)
  const catalog = buildCatalog(config, [])
  const peopleNamed = createNameIndex(config.people.map((person) => ({ ...person, active: true })))
  const understanding = { skills, catalog, peopleNamed, now: NOW, person: SPEAKER }
  const spent: ModelSpending[] = []
  const model = createLanguageModel({
    ...options,
    ledger: { record: async (spending) => void spent.push(spending), tokensSince: async () => 0 },
    log: silentLogger,
    clock: () => new Date(),
  })
  const reader = createModelReader({ model, log: silentLogger })
  return {
    changes: new Set(skills.filter(isChange).map(({ name }) => name)),
    spent,
    async read(text) {
      const first = understand(text, understanding)
      const local = options.alone ? unread(first) : first
      if (!reader.mayTellMore(text, local, skills)) return { interpretation: local, asked: false }
      const { interpretation, silent } = await reader.read(text, { local, before: {}, options: understanding })
      return { interpretation, asked: true, ...(silent === undefined ? {} : { silent }) }
    },
  }
}

const unread = ({ text }: Interpretation): Interpretation => ({
  text,
  skill: null,
  input: {},
  confidence: 0,
  missing: [],
  ambiguous: [],
  invalid: [],
  by: 'local',
})
