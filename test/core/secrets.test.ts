import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { redact, resolveSecret, withoutSecrets } from '../../core/secrets.ts'

test('a reference is resolved when it is asked for, and its value is taken out of every text after that', () => {
  const url = 'postgres://quarter:p%40ss-word-1@db/q'
  expect(redact(url)).toBe(url)
  expect(resolveSecret('env:DB', { DB: url })).toBe(url)
  expect(redact(`cannot connect to ${url}`)).toBe('cannot connect to [redacted]')
  expect(redact('password p@ss-word-1 is wrong')).toBe('password [redacted] is wrong')
  const file = join(mkdtempSync(join(tmpdir(), 'quarterdeck-secret-')), 'token')
  writeFileSync(file, 'sk-live-abcdef\n')
  expect(resolveSecret(`file:${file}`)).toBe('sk-live-abcdef')
  expect(redact('Bearer sk-live-abcdef.')).toBe('Bearer [redacted].')
})

test('cards and lines of JSON hold no secret, however it is written there', () => {
  resolveSecret('env:QUOTED', { QUOTED: 'pass"word\\9' })
  expect(redact(JSON.stringify({ error: 'with pass"word\\9 refused' }))).toBe('{"error":"with [redacted] refused"}')
  const card = { title: 'Nothing: pass"word\\9', blocks: [{ type: 'text', text: ['a', { code: 'pass"word\\9' }] }] }
  expect(withoutSecrets(card)).toEqual({
    title: 'Nothing: [redacted]',
    blocks: [{ type: 'text', text: ['a', { code: '[redacted]' }] }],
  })
})

test('what is no reference is itself; what leads nowhere says where it should lead', () => {
  expect(resolveSecret('postgres://db/q')).toBe('postgres://db/q')
  expect(() => resolveSecret('env:NOWHERE', {})).toThrow('env:NOWHERE, but that variable is not set')
  expect(() => resolveSecret('file:/nowhere/at/all')).toThrow(/file:\/nowhere\/at\/all, which cannot be read \(ENOENT/)
  expect(() => resolveSecret('vault:a/b')).toThrow('secrets in Vault are not read yet; use env:NAME or file:/path')
})
