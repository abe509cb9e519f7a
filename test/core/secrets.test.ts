import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { redact, redactLines, resolveSecret, withoutSecrets } from '../../core/secrets.ts'
import { processorMs } from '../_harness/processor-time.ts'

test('a reference is resolved when it is asked for, and its value is taken out of every text after that', () => {
  const url = 'postgres://quarter:p%40ss-word-1@db/q'
  expect(redact(url)).toBe('postgres://quarter:[redacted]@db/q')
  expect(redact('ss-word-1')).toBe('ss-word-1')
  expect(resolveSecret('env:DB', { DB: url })).toBe(url)
  expect(redact(`cannot connect to ${url}`)).toBe('cannot connect to [redacted]')
  expect(redact('password p@ss-word-1 is wrong')).toBe('password [redacted] is wrong')
  const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-secret-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'token')
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

test('what looks like a secret is struck out though nobody told us of it', () => {
  const struck: [string, string][] = [
    ['login failed password=Zq8kPw2m user=root', 'login failed password=[redacted] user=root'],
    ['{"user":"root","password":"gijFWoqV"}', '{"user":"root","password":"[redacted]"}'],
    [String.raw`{\"client_secret\":\"gijFWoqV\"}`, String.raw`{\"client_secret\":\"[redacted]\"}`],
    ['Authorization: Bearer JyRw6YuKgi5UmJ4cD8', 'Authorization: Bearer [redacted]'],
    ['postgres://shop:gijFWoqV@db:5432/shop', 'postgres://shop:[redacted]@db:5432/shop'],
    [`key ${['sk', 'x'.repeat(30)].join('-')} is wrong`, 'key [redacted] is wrong'],
    [`as ${['AKIA', 'IOSFODNN7EXAMPLE'].join('')}`, 'as [redacted]'],
    [`session-${'eyJ'}hbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl`, 'session-[redacted]'],
  ]
  for (const [text, clean] of struck) expect(redact(text)).toBe(clean)
  const key = ['-----BEGIN RSA PRIVATE KEY-----', 'MIIEow', '-----END RSA PRIVATE KEY-----', 'fine']
  expect(redactLines(key)).toEqual(['[redacted]', '[redacted]', '[redacted]', 'fine'])
})

test('sentences, references and ids stay as they are', () => {
  for (const text of [
    "The kubeconfig's token: expired.",
    'model.key is env:MODEL_KEY, clientSecret: env:OIDC_CLIENT_SECRET',
    'It needs Basic authentication, or a Bearer certificate.',
    'op-7f3k9m2q set sha256:9f2ac131d07b4e5f6a7b8c9d0e1f2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b',
    'max_tokens=4096 https://registry.shop.example/v2/shop/cart:1.4.2@sha256:9f2a',
  ])
    expect(redact(text)).toBe(text)
})

test('a key that was cut off takes nothing with it of the line of JSON that it stands in', () => {
  const cut = '-----BEGIN RSA PRIVATE KEY-----\nMIIEow'
  const line = JSON.stringify({ error: cut, body: JSON.stringify({ cut }), after: 'kept' })
  const clean = '-----BEGIN RSA PRIVATE KEY-----[redacted]'
  expect(JSON.parse(redact(`${line}\n`))).toEqual({ error: clean, body: JSON.stringify({ cut: clean }), after: 'kept' })
  expect(redact(cut)).toBe(clean)
})

test('a long text of beginnings of secrets holds nobody up', () => {
  const beginnings = [
    'eyJaaaaaaaa-',
    '-----BEGIN PRIVATE KE ',
    '-----BEGIN PRIVATE KEY-----',
    '://shop:',
    'password: ',
    'Bearer ',
    'xoxb-',
    'sk-aa ',
  ]
  for (const beginning of beginnings) {
    const text = beginning.repeat(200_000 / beginning.length)
    expect(
      processorMs(() => redact(text)),
      beginning,
    ).toBeLessThan(4_000)
  }
})
