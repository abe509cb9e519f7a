import { describe, expect, test } from 'vitest'
import { configFrom } from '../../../core/config.ts'

const PLACE = { environments: { staging: { namespace: 'shop' } } }
const slack = { signingSecret: 'env:SLACK_SIGNING_SECRET', botToken: 'env:SLACK_BOT_TOKEN' }
const id = 'AAAAAAAA-0000-4000-8000-00000000000a'
const teams = { appId: id, appPassword: 'env:TEAMS_PASSWORD', tenants: [id] }

describe('the chat surfaces', () => {
  test('are absent until they are configured', () => {
    const config = configFrom(PLACE)
    expect([config.slack, config.teams, config.address]).toEqual([undefined, undefined, undefined])
  })

  test('keep their secrets as references, and ids as they are compared', () => {
    const config = configFrom({ ...PLACE, slack, teams, address: 'https://quarterdeck.example.com/' })
    expect(config.slack).toEqual({ ...slack, api: 'https://slack.com/api/' })
    expect(config.teams).toMatchObject({ appId: id.toLowerCase(), tenants: [id.toLowerCase()] })
    expect(config.address).toBe('https://quarterdeck.example.com')
  })

  test('take Socket Mode alone, and an installation by several workspaces', () => {
    const socket = { botToken: 'env:B', appToken: 'env:A' }
    expect(configFrom({ ...PLACE, slack: socket }).slack).toMatchObject(socket)
    const install = { clientId: '1.2', clientSecret: 'env:C', seal: 'env:S' }
    const taken = (more: object = {}) =>
      configFrom({ ...PLACE, slack: { signingSecret: 'env:X', install: { ...install, ...more } } }).slack?.install
    // Nobody may install it until somebody says who.
    expect(taken()).toEqual({ ...install, teams: [] })
    expect(taken({ teams: ['T012AB3CD'] })).toEqual({ ...install, teams: ['T012AB3CD'] })
    expect(() => taken({ teams: ['shop'] })).toThrow('slack.install.teams')
  })

  test.each([
    ['slack', { botToken: 'env:B' }, 'slack'],
    ['slack', { signingSecret: 'env:S' }, 'slack'],
    ['slack', { ...slack, botToken: 'xoxb-1-2-abc' }, 'slack.botToken'],
    ['slack', { ...slack, home: 'U123' }, 'slack.home'],
    ['slack', { ...slack, api: 'http://slack.example.com/api/' }, 'slack.api'],
    ['teams', { ...teams, tenants: [] }, 'teams.tenants'],
    ['teams', { ...teams, appId: 'quarterdeck' }, 'teams.appId'],
    ['teams', { ...teams, appPassword: 'hunter2' }, 'teams.appPassword'],
    ['address', 'http://quarterdeck.example.com', 'address'],
  ])('refuses %s %o, naming the key', (key, value, named) => {
    expect(() => configFrom({ ...PLACE, [key]: value })).toThrow(named)
  })
})
