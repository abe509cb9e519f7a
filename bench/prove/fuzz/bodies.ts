import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import type { Random } from '../frame/random.ts'
import { hostileText } from './hostile.ts'

/** What is sent to a route: bytes, and the headers that say what they are. */
export interface Body {
  readonly kind: string
  readonly bytes: Buffer
  readonly headers: Readonly<Record<string, string>>
  /** More than the cap, once unpacked. */
  readonly over?: boolean
}

const CAP_BYTES = 1024 * 1024
const JSON_TYPE = { 'content-type': 'application/json' }
const json = (kind: string, value: unknown): Body => raw(kind, JSON.stringify(value) ?? 'null')
const raw = (kind: string, text: string | Buffer): Body => ({ kind, bytes: Buffer.from(text), headers: JSON_TYPE })

const NUMBERS = ['1e999', '-0', '0.1e-400', '9'.repeat(400), '-1', '1e308', 'NaN', '0x10', '01', '+1']
const WORDS = ['toString', '__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'then', 'length', 'valueOf', '']
const TYPES = [
  'text/plain',
  'application/json; charset=utf-16',
  'application/json; charset=nonsense',
  'application/json; charset=iso-8859-1',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/vnd.api+json',
  'application/json;charset="',
  'a/b;;;=',
]
const ENCODINGS = ['gzip', 'deflate', 'br', 'zstd', 'gzip, gzip', 'identity', 'nonsense']

const MAKERS: readonly ((good: Record<string, unknown>, random: Random) => Body)[] = [
  (good) => json('as it should be', good),
  (good, random) =>
    json(
      'hostile strings',
      everyString(good, () => hostileText(random)),
    ),
  (good, random) =>
    json(
      'hostile strings',
      everyString(good, () => hostileText(random)),
    ),
  (good, random) => json('other types', replacedField(good, random, anything(random, 3))),
  (good, random) => json('other types', replacedField(good, random, anything(random, 3))),
  (_good, random) => json('anything', anything(random, 4)),
  (good, random) =>
    raw('numbers', JSON.stringify(replacedField(good, random, '\u0001')).replace('"\\u0001"', random.pick(NUMBERS))),
  (good, random) => raw('broken', mutilated(Buffer.from(JSON.stringify(good)), random)),
  (good, random) => raw('broken', mutilated(Buffer.from(JSON.stringify(good)), random)),
  (good, random) => raw('cut off', JSON.stringify(good).slice(0, random.below(60))),
  (good, random) => raw('prototypes', polluting(good, random)),
  (good, random) =>
    raw(
      'duplicate keys',
      JSON.stringify(good)
        .replace('{', `{"${random.pick(Object.keys(good).concat('text'))}":[1],`)
        .replace(/\}$/, ',"key":{"a":1},"key":"zzzzzzzz"}'),
    ),
  (_good, random) => raw('deep', deep(random)),
  (good, random) => raw('bad UTF-8', badUtf8(good, random)),
  (_good, random) => raw('no JSON', hostileText(random)),
  (good, random) => ({ ...json('another type', good), headers: { 'content-type': random.pick(TYPES) } }),
  (good, random) => encoded(good, random),
  (good) => ({ ...json('no type', good), headers: {} }),
  () => raw('empty', ''),
]

/** One body of this route, most often wrong in some way; `over`: larger than the cap. */
export function bodyFor(good: Record<string, unknown>, random: Random, over: boolean): Body {
  if (!over) return random.pick(MAKERS)(good, random)
  const filler = 'x'.repeat(CAP_BYTES + random.below(CAP_BYTES))
  const large = json('too large', { ...good, filler })
  const bomb = { ...large, bytes: gzipSync(large.bytes), headers: { ...JSON_TYPE, 'content-encoding': 'gzip' } }
  return { ...(random.below(3) === 0 ? bomb : large), over: true }
}

function anything(random: Random, depth: number): unknown {
  const kind = random.below(depth > 0 ? 9 : 6)
  if (kind === 0) return null
  if (kind === 1) return random.below(2) === 0
  if (kind === 2) return (random.fraction() - 0.5) * 10 ** random.below(30)
  if (kind === 3) return hostileText(random)
  if (kind === 4) return random.pick(WORDS)
  if (kind === 5) return 'x'.repeat(random.below(3_000))
  const many = Array.from({ length: random.below(6) }, () => anything(random, depth - 1))
  if (kind === 6) return many
  return Object.fromEntries(many.map((value) => [random.below(2) ? random.pick(WORDS) : hostileText(random), value]))
}

function everyString(value: unknown, make: () => string): unknown {
  if (typeof value === 'string') return make()
  if (Array.isArray(value)) return value.map((part) => everyString(part, make))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, everyString(part, make)]))
}

function replacedField(good: Record<string, unknown>, random: Random, value: unknown): Record<string, unknown> {
  const names = Object.keys(good)
  return { ...good, [names.length ? random.pick(names) : 'text']: value }
}

function mutilated(bytes: Buffer, random: Random): Buffer {
  const copy = Buffer.from(bytes)
  for (let count = 1 + random.below(4); count > 0 && copy.length > 0; count -= 1)
    copy[random.below(copy.length)] = random.below(256)
  return random.below(3) === 0 ? Buffer.concat([copy, copy.subarray(random.below(copy.length + 1))]) : copy
}

function polluting(good: Record<string, unknown>, random: Random): string {
  const key = random.pick(['__proto__', 'constructor', 'prototype'])
  const bad = `"${key}":${random.pick(['{"polluted":1}', '{"prototype":{"polluted":1}}', 'null', '[]', '"x"'])}`
  const inside = JSON.stringify(good).replace(/\{\}/g, `{${bad}}`)
  return inside.replace('{', `{${bad}${Object.keys(good).length ? ',' : ''}`)
}

function deep(random: Random): string {
  const depth = 10 ** (1 + random.below(5))
  const [open, close] = random.pick([
    ['[', ']'],
    ['{"a":', '}'],
    ['{"payload":{"values":', '}}'],
    ['[{"__proto__":', '}]'],
  ] as const)
  const times = Math.min(depth, Math.floor((CAP_BYTES - 100) / (open.length + close.length)))
  return open.repeat(times) + (random.below(2) ? '1' : '') + (random.below(4) ? close.repeat(times) : '')
}

function badUtf8(good: Record<string, unknown>, random: Random): Buffer {
  const bad = random.pick([
    [0xff, 0xfe],
    [0xc0, 0xaf],
    [0xed, 0xa0, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0xe2, 0x82],
    [0xef, 0xbb, 0xbf],
    [0x80],
    [0],
  ])
  const [head = '', ...tail] = JSON.stringify(everyString(good, () => '\u0001')).split('\\u0001')
  const parts = tail.flatMap((part) => [Buffer.from(bad), Buffer.from(part)])
  const body = Buffer.concat([Buffer.from(head), ...parts])
  if (random.below(4) > 0) return body
  return random.below(2) ? Buffer.from(JSON.stringify(good), 'utf16le') : Buffer.concat([Buffer.from(bad), body])
}

function encoded(good: Record<string, unknown>, random: Random): Body {
  const bytes = Buffer.from(JSON.stringify(good))
  const encoding = random.pick(ENCODINGS)
  const pack = random.pick([gzipSync, deflateSync, brotliCompressSync, (plain: Buffer) => plain])
  return { kind: 'encoded', bytes: pack(bytes), headers: { ...JSON_TYPE, 'content-encoding': encoding } }
}
