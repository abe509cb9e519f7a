import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { configFrom, loadConfig } from '../../../core/config.ts'

const PLACE = { environments: { staging: { namespace: 'shop' } } }

describe('who watches the program', () => {
  test('asks at the page unless an address is named, and gets no traces unless they have somewhere to go', () => {
    expect(configFrom(PLACE)).toMatchObject({ metrics: undefined, tracing: undefined })
    const tracing = { url: 'http://collector:4318/v1/traces' }
    expect(configFrom({ ...PLACE, metrics: { port: 9464 }, tracing })).toMatchObject({
      metrics: { host: '127.0.0.1', port: 9464 },
      tracing,
    })
  })

  test.each([
    ['metrics', { port: 99_999 }, 'metrics.port'],
    ['tracing', { url: 'collector:4318' }, 'tracing.url'],
    ['tracing', { url: 'https://user:word@collector/v1/traces' }, 'tracing.url'],
  ])('refuses %s %j, naming the key', (key, value, named) => {
    expect(() => configFrom({ ...PLACE, [key]: value })).toThrow(named)
  })

  test('may have another address in each process of one configuration', () => {
    const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-config-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'quarterdeck.yaml')
    writeFileSync(file, JSON.stringify({ ...PLACE, metrics: { host: '0.0.0.0', port: 9464 } }))
    const metricsIn = (env: NodeJS.ProcessEnv) => loadConfig({ file, env }).metrics
    expect(metricsIn({})).toEqual({ host: '0.0.0.0', port: 9464 })
    expect(metricsIn({ QUARTERDECK_METRICS: '9465' })).toEqual({ host: '0.0.0.0', port: 9465 })
    expect(metricsIn({ QUARTERDECK_METRICS: '[::1]:9466' })).toEqual({ host: '::1', port: 9466 })
    expect(() => metricsIn({ QUARTERDECK_METRICS: 'there' })).toThrow('QUARTERDECK_METRICS is "there"')
  })
})
