import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { configFrom } from '../../../core/config.ts'
import { messageOf } from '../../../core/errors.ts'

const EXAMPLE = readFileSync('quarterdeck.yaml', 'utf8')

/** The example with this model. */
const modelOf = (model: object) => configFrom({ ...parse(EXAMPLE), model }).model
const refusal = (model: object): string => {
  try {
    modelOf(model)
  } catch (error) {
    return messageOf(error)
  }
  throw new Error('it was accepted')
}

test('without one there is none, and the example’s comment names one', () => {
  expect(configFrom(parse(EXAMPLE)).model).toBeUndefined()
  const comment = EXAMPLE.replaceAll(/^# (model:| {2}(?:url|name|key|timeout|tokensPerDay|price):)/gm, '$1')
  expect(configFrom(parse(comment)).model).toEqual({
    url: 'https://api.openai.com/v1',
    name: 'gpt-5-mini',
    key: 'env:MODEL_KEY',
    timeoutMs: 8_000,
    tokensPerDay: 1_000_000,
    price: { input: 0.25, output: 2 },
  })
})

test('it needs an address and a name; the rest has defaults', () => {
  expect(modelOf({ url: 'http://127.0.0.1:11434/v1', name: 'llama' })).toEqual({
    url: 'http://127.0.0.1:11434/v1',
    name: 'llama',
    key: undefined,
    timeoutMs: 8_000,
    tokensPerDay: 1_000_000,
    price: undefined,
  })
  expect(refusal({ name: 'llama' })).toContain('model.url is missing')
  expect(refusal({ url: 'https://x/v1' })).toContain('model.name is missing')
  expect(refusal({ url: 'https://x/v1', name: 'llama', timeout: '5m' })).toContain('between 100 ms and 2 minutes')
})

test('no secret stands in it, and a mistake shows none', () => {
  const address = refusal({ url: 'https://me:pw12345@x/v1', name: 'llama' })
  expect(address).toContain('model.url is "https://…@x/v1"; write the address of an endpoint')
  expect(address).toContain('without a password')
  const says = refusal({ url: 'https://x/v1', name: 'llama', key: 'sk-12345678' })
  expect(says).toContain('model.key is no such thing; write a reference to a secret')
  expect(says).not.toContain('sk-12345678')
})
