import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { loadSkills } from '../core/skill-set.ts'
import { importsOf } from './_harness/imports.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** DESIGN §3: what each folder may import besides packages and itself. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  core: [],
  prompts: [],
  sandbox: [],
  db: ['core'],
  clients: ['core'],
  skills: ['core'],
  operations: ['core', 'db'],
  agents: ['core', 'prompts'],
  jobs: ['core', 'db', 'operations'],
  bot: ['core', 'db', 'operations', 'prompts'],
  http: ['core', 'db', 'operations', 'prompts'],
  web: [],
}
/** The only ones that may import everything. */
const FREE = ['main.ts', 'test', 'bench']

/** Each SDK appears in one place. */
const SDK_HOME: Record<string, readonly string[]> = {
  '@slack/bolt': ['bot/slack/'],
  '@slack/web-api': ['bot/slack/'],
  botbuilder: ['bot/teams/'],
  bullmq: ['jobs/'],
  ioredis: ['jobs/'],
  'drizzle-orm': ['db/'],
  pg: ['db/', 'jobs/backends/'],
  '@electric-sql/pglite': ['db/', 'jobs/backends/'],
  '@kubernetes/client-node': ['clients/kubernetes/'],
  cockatiel: ['clients/'],
  openai: ['clients/'],
  'openid-client': ['bot/web/login/'],
  '@pagerduty/pdjs': ['clients/'],
  express: ['http/', 'bot/web/', 'bot/slack/', 'bot/teams/', 'bot/chat-surface.ts'],
  'prom-client': ['http/'],
  preact: ['web/'],
  vite: ['web/', 'http/', 'vite.config.ts'],
}

const MAY_READ_ENVIRONMENT = ['core/config.ts', 'core/secrets.ts', 'bench/', 'test/']
const LONGEST_FILE = 250
const LONGEST_SKILL = 100

const NOT_OURS = ['node_modules', 'dist', '.git', '.data']

/** Every source file of the tree, paths from the root. */
function sources(): string[] {
  return globSync('**/*.{ts,tsx}', { cwd: root, exclude: (path) => NOT_OURS.includes(basename(path)) })
}

const files = sources()
const textOf = (file: string) => readFileSync(join(root, file), 'utf8')
const folderOf = (file: string) => (file.includes('/') ? (file.split('/')[0] ?? file) : file)
const isFree = (file: string) => FREE.includes(folderOf(file)) || /^[^/]+\.config\.ts$/.test(file)

describe('the house (DESIGN §3)', () => {
  test('every source file lies in a folder that the design knows', () => {
    const strays = files.filter((file) => !isFree(file) && !(folderOf(file) in MAY_IMPORT))
    expect(strays).toEqual([])
  })

  test('folders import only what they may', () => {
    const breaches: string[] = []
    for (const file of files) {
      if (isFree(file)) continue
      const own = folderOf(file)
      for (const specifier of importsOf(file, textOf(file))) {
        if (!specifier.startsWith('.')) continue
        const target = folderOf(normalize(join(dirname(file), specifier)))
        if (target !== own && !MAY_IMPORT[own]?.includes(target)) breaches.push(`${file} imports ${specifier}`)
      }
    }
    expect(breaches).toEqual([])
  })

  test('skills do not import each other', () => {
    const breaches = files
      .filter((file) => /^skills\/[^/]+\.ts$/.test(file))
      .flatMap((file) =>
        importsOf(file, textOf(file))
          .filter((specifier) => /^\.\/[^_]/.test(specifier))
          .map((specifier) => `${file} imports ${specifier}`),
      )
    expect(breaches).toEqual([])
  })

  test('each SDK appears in one place', () => {
    const breaches: string[] = []
    for (const file of files) {
      if (['test', 'bench'].includes(folderOf(file)) || file === 'main.ts') continue
      for (const specifier of importsOf(file, textOf(file))) {
        const home = Object.entries(SDK_HOME).find(([sdk]) => specifier === sdk || specifier.startsWith(`${sdk}/`))
        if (home && !isFree(file) && !home[1].some((folder) => file.startsWith(folder)))
          breaches.push(`${file} imports ${specifier}`)
      }
    }
    expect(breaches).toEqual([])
  })

  test('the environment is read in one place', () => {
    const breaches = files.filter(
      (file) => /process\.env\b/.test(textOf(file)) && !MAY_READ_ENVIRONMENT.some((place) => file.startsWith(place)),
    )
    expect(breaches).toEqual([])
  })

  test(`no file is longer than ${LONGEST_FILE} lines, no skill longer than ${LONGEST_SKILL}`, () => {
    const long = files
      .filter((file) => !/^(db\/migrations|test\/fixtures)\/|\.generated\.ts$/.test(file))
      .map((file) => ({ file, lines: textOf(file).split('\n').length - 1 }))
      .filter(({ file, lines }) => lines > (/^skills\/[^/]+\.ts$/.test(file) ? LONGEST_SKILL : LONGEST_FILE))
    expect(long).toEqual([])
  })
})

describe('every skill', async () => {
  const skills = await loadSkills(join(root, 'skills'))

  test('is found, named like its file, and gives people examples', () => {
    expect(skills.length).toBeGreaterThanOrEqual(22)
    for (const skill of skills) expect(skill.examples.length, skill.name).toBeGreaterThanOrEqual(3)
  })

  test('begins at least one of its examples with its own name, so that help shows the command form', () => {
    for (const skill of skills) {
      expect(
        skill.examples.some((example) => example.toLowerCase().startsWith(skill.name)),
        skill.name,
      ).toBe(true)
    }
  })
})

describe('the lockfile', () => {
  test('names no host', () => {
    expect(textOf('package-lock.json')).not.toMatch(/"resolved": "http/)
  })
})
