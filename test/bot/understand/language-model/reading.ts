import { afterAll, beforeAll, beforeEach } from 'vitest'
import { createNameIndex } from '../../../../bot/people/names.ts'
import {
  createModelReader,
  type Given,
  type ModelReader,
  type Reread,
} from '../../../../bot/understand/language-model/model-reader.ts'
import { understand } from '../../../../bot/understand/understand.ts'
import { createLanguageModel } from '../../../../clients/llm/client.ts'
import { silentLogger } from '../../../../core/ports/logger.ts'
import { type FakeAnswers, type FakeModel, startFakeModel } from '../../../_harness/fake-model.ts'
import { mira, now, people, shop, skills } from '../shop.ts'

export interface Reading {
  readonly fake: FakeModel
  readonly reader: ModelReader
  /** What Mira said, read by the model, whatever the local reader made of it. */
  reads(text: string, given?: Partial<Given>): Promise<Reread>
  /** The same, told what the model answers. */
  readsAs(text: string, ...answers: readonly { tool: string; arguments: object }[]): Promise<Reread['interpretation']>
}

export const optionsOfMira = { skills, catalog: shop, person: mira, now, peopleNamed: createNameIndex(people) }

/** The reader on a fake endpoint, as it is in the program. */
export async function startReading(answers: FakeAnswers = {}): Promise<Reading> {
  const fake = await startFakeModel(answers)
  const model = createLanguageModel({
    config: { url: fake.url, name: 'fake-1', timeoutMs: 2_000, tokensPerDay: 10_000_000, price: undefined },
    key: () => undefined,
    ledger: { record: async () => {}, tokensSince: async () => 0 },
    log: silentLogger,
    clock: () => now,
    resilience: { firstDelayMs: 1, longestDelayMs: 5 },
  })
  const reader = createModelReader({ model, log: silentLogger })
  const reads: Reading['reads'] = (text, given = {}) => {
    const options = given.options ?? optionsOfMira
    return reader.read(text, { local: given.local ?? understand(text, options), before: {}, options, ...given })
  }
  return {
    fake,
    reader,
    reads,
    async readsAs(text, ...calls) {
      fake.answers = () => calls
      const nothing = { ...understand('thanks', optionsOfMira), text, skill: null }
      return (await reads(text, { local: nothing })).interpretation
    },
  }
}

/** A reader for the tests of a file; its endpoint forgets between them what it was to answer. Call what it returns within a test. */
export function useReading(): () => Reading {
  let reading: Reading | undefined
  const opened = () => {
    if (!reading) throw new Error('the reader is not there yet')
    return reading
  }
  beforeAll(async () => {
    reading = await startReading()
  })
  beforeEach(() => {
    opened().fake.answers = {}
  })
  afterAll(() => opened().fake.close())
  return opened
}

/** What a model may answer: a call of the tool, whole, as its schema asks. */
export const scale = (input: object) => ({ tool: 'scale', arguments: { for: null, unclear: [], ...input } })
export const deploy = (input: object) => ({ tool: 'deploy', arguments: { strategy: null, unclear: [], ...input } })
