import type { JsonObject } from '../../../core/json.ts'

/** What the box below the bot's name offers; anything else may be said, too. */
const OFFERED = [
  { title: 'help', description: 'What can be said here' },
  { title: 'status', description: 'How everything runs' },
  { title: 'approvals', description: 'What waits for my approval' },
  { title: 'operations', description: 'What runs now, and what ran lately' },
  { title: 'whoami', description: 'Who I am here, and what I may do' },
]
const SCOPES = ['personal', 'team', 'groupChat']

/** The app's manifest (Teams, "App manifest", 1.19): one bot, spoken to in chats and channels, that offers files in personal chats. */
export function teamsManifest(app: {
  readonly appId: string
  readonly url: string
  readonly version: string
}): JsonObject {
  const { appId, url, version } = app
  return {
    $schema: 'https://developer.microsoft.com/en-us/json-schemas/teams/v1.19/MicrosoftTeams.schema.json',
    manifestVersion: '1.19',
    version,
    id: appId,
    developer: { name: 'Quarterdeck', websiteUrl: url, privacyUrl: url, termsOfUseUrl: url },
    name: { short: 'Quarterdeck', full: 'Quarterdeck: run production from chat' },
    description: {
      short: 'Run production from chat: plan, approval, one live message, audit.',
      full: 'Say what you want in production. Quarterdeck plans it, asks whoever must approve, runs it once, shows how it goes in one message, and writes everything down.',
    },
    icons: { color: 'color.png', outline: 'outline.png' },
    accentColor: '#1D4F91',
    bots: [
      {
        botId: appId,
        scopes: SCOPES,
        supportsFiles: true,
        isNotificationOnly: false,
        commandLists: [{ scopes: SCOPES, commands: OFFERED }],
      },
    ],
    permissions: ['identity', 'messageTeamMembers'],
    validDomains: [],
  }
}
