import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { strFromU8, unzipSync } from 'fflate'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { writePackage } from '../../../bot/teams/package/write-package.ts'

const APP = '11111111-0000-4000-8000-00000000000A'
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quarterdeck-teams-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** What Teams' own schema (1.19) asks of the parts that our manifest has. */
const Manifest = z.strictObject({
  $schema: z.string().endsWith('/v1.19/MicrosoftTeams.schema.json'),
  manifestVersion: z.literal('1.19'),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  id: z.guid(),
  developer: z.strictObject({
    name: z.string().max(32),
    websiteUrl: z.url({ protocol: /^https$/ }),
    privacyUrl: z.url({ protocol: /^https$/ }),
    termsOfUseUrl: z.url({ protocol: /^https$/ }),
  }),
  name: z.strictObject({ short: z.string().max(30), full: z.string().max(100) }),
  description: z.strictObject({ short: z.string().max(80), full: z.string().max(4_000) }),
  icons: z.strictObject({ color: z.literal('color.png'), outline: z.literal('outline.png') }),
  accentColor: z.string().regex(/^#[0-9A-F]{6}$/),
  bots: z
    .array(
      z.strictObject({
        botId: z.guid(),
        scopes: z.array(z.enum(['team', 'personal', 'groupChat'])).max(3),
        supportsFiles: z.boolean(),
        isNotificationOnly: z.boolean(),
        commandLists: z
          .array(
            z.strictObject({
              scopes: z.array(z.enum(['team', 'personal', 'groupChat'])).max(3),
              commands: z
                .array(z.strictObject({ title: z.string().max(32), description: z.string().max(128) }))
                .max(10),
            }),
          )
          .max(3),
      }),
    )
    .length(1),
  permissions: z.array(z.enum(['identity', 'messageTeamMembers'])),
  validDomains: z.array(z.string()).max(16),
})

test('the package holds a manifest as Teams takes it, and both icons in their sizes', () => {
  const out = join(folder, 'quarterdeck.zip')
  const said: string[] = []
  writePackage(['--app-id', APP, '--url', 'https://q.example.com/', '--out', out], (line) => said.push(line))
  expect(said.join('\n')).toContain('https://q.example.com/teams/messages')
  const files = unzipSync(readFileSync(out))
  expect(Object.keys(files).sort()).toEqual(['color.png', 'manifest.json', 'outline.png'])
  const manifest = Manifest.parse(JSON.parse(strFromU8(files['manifest.json'] ?? new Uint8Array())))
  expect(manifest.bots[0]?.botId).toBe(APP.toLowerCase())
  const color = pixelsOf(files['color.png'])
  expect(color.size).toBe(192)
  expect(color.at(0, 0)).toEqual([0x1d, 0x4f, 0x91, 255])
  expect(color.at(96, 96)).toEqual([255, 255, 255, 255])
  const outline = pixelsOf(files['outline.png'])
  expect(outline.size).toBe(32)
  expect(outline.at(0, 0)[3]).toBe(0)
  expect(outline.at(16, 16)).toEqual([255, 255, 255, 255])
})

test.each([
  [['--url', 'https://q.example.com'], 'Microsoft App ID'],
  [['--app-id', APP, '--url', 'http://q.example.com'], 'https addresses only'],
  [['--app-id', APP, '--url', 'https://q.example.com', '--colour', 'red'], '--colour'],
])('%j is refused in a sentence that says how', (argv, says) => {
  expect(() => writePackage(argv, () => {})).toThrow(says)
})

/** A PNG as our icons are written: one header, one chunk of pixels, no filter. */
function pixelsOf(bytes: Uint8Array | undefined) {
  const file = Buffer.from(bytes ?? [])
  const size = file.readUInt32BE(16)
  const start = file.indexOf('IDAT') + 4
  const pixels = inflateSync(file.subarray(start, start + file.readUInt32BE(start - 8)))
  const at = (x: number, y: number) => [...pixels.subarray(y * (size * 4 + 1) + 1 + x * 4).subarray(0, 4)]
  return { size, at }
}
