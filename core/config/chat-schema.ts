import { z } from 'zod'
import { atRoot, guarded, secretReference, words } from './parts.ts'

const SLACK_ID = /^[TE][A-Z0-9]{2,20}$/
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const guid = (what: string) =>
  z
    .string()
    .regex(GUID)
    .transform((id) => id.toLowerCase())
    .describe(`${what}, like 00000000-0000-0000-0000-000000000000`)

/** Where people and chat services reach us. */
export const address = z
  .string()
  .refine(atRoot)
  .transform((text) => new URL(text).origin)
  .describe('where the program is reached from outside, without a path, like https://quarterdeck.example.com')

export const slack = z
  .strictObject({
    signingSecret: secretReference.optional(),
    botToken: secretReference.optional(),
    appToken: secretReference.optional(),
    install: z
      .strictObject({
        clientId: words.describe('the client id of the Slack app, like 1234.5678'),
        clientSecret: secretReference,
        seal: secretReference,
        teams: z
          .array(z.string().regex(/^T[A-Z0-9]{2,20}$/))
          .default([])
          .describe('the ids of the workspaces that may install it besides the one under home, like [T012AB3CD]'),
      })
      .optional()
      .describe(
        'for several workspaces: { clientId: "1234.5678", clientSecret: env:SLACK_CLIENT_SECRET, seal: env:SLACK_SEAL, teams: [T012AB3CD] }; seal is a text of 32 characters or more of your own, with which their tokens are encrypted in the store',
      ),
    home: z
      .string()
      .regex(SLACK_ID)
      .optional()
      .describe(
        'the workspace whose user ids stand alone in `people`, like T012AB3CD; without it, that of the bot token',
      ),
    api: z
      .string()
      .refine(guarded)
      .default('https://slack.com/api/')
      .describe("the address of Slack's Web API, like https://slack.com/api/"),
  })
  .refine((slack) => slack.botToken !== undefined || slack.install !== undefined)
  .refine((slack) => slack.appToken !== undefined || slack.signingSecret !== undefined)
  .describe(
    'Slack: { signingSecret: env:SLACK_SIGNING_SECRET, botToken: env:SLACK_BOT_TOKEN }; over Socket Mode appToken instead of signingSecret; for several workspaces install instead of botToken',
  )

export const teams = z
  .strictObject({
    appId: guid('the Microsoft App ID of the bot'),
    appPassword: secretReference,
    tenants: z
      .array(guid('a tenant id'))
      .min(1)
      .describe('the tenants whose people may speak here, like [00000000-0000-0000-0000-000000000000]'),
    metadata: z
      .string()
      .refine(guarded)
      .default('https://login.botframework.com/v1/.well-known/openidconfiguration')
      .describe("where the Bot Framework's signing keys are named"),
    login: z
      .string()
      .refine(guarded)
      .default('https://login.microsoftonline.com')
      .describe('where the bot gets its own token, like https://login.microsoftonline.com'),
  })
  .describe(
    'Microsoft Teams: { appId: 00000000-0000-0000-0000-000000000000, appPassword: env:TEAMS_PASSWORD, tenants: [00000000-0000-0000-0000-000000000000] }',
  )
