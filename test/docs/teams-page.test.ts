import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { FORGERIES } from '../../bench/prove/teams-tokens/forgeries.ts'
import { teamsManifest } from '../../bot/teams/package/manifest.ts'
import { MOST_BYTES } from '../../bot/teams/render/card.ts'
import { configFrom } from '../../core/config.ts'

const page = readFileSync(new URL('../../docs/teams.md', import.meta.url), 'utf8')

test('docs/teams.md shows a configuration that is taken as it stands', () => {
  const [, block = ''] = /```yaml\n([^`]*)```/.exec(page) ?? []
  const said = parse(block.replaceAll(/^ {3}/gm, '')) as object // the page's own block is a mapping
  const config = configFrom({ environments: { staging: { namespace: 'shop' } }, ...said })
  expect(config.teams?.appPassword).toBe('env:TEAMS_PASSWORD')
  expect(config.address).toBe('https://quarterdeck.example.com')
})

test('docs/teams.md counts rightly', () => {
  expect(page).toContain(`tries ${Object.keys(FORGERIES).length} kinds of forgery`)
  expect(page).toContain(`A card holds ${MOST_BYTES / 1024} KB`)
  const { manifestVersion } = teamsManifest({ appId: '', url: '', version: '' })
  expect(page).toContain(`the manifest (${manifestVersion})`)
})
