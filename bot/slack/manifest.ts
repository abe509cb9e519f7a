/** Its text is the command form: every skill is a sub-command. */
export const COMMAND = '/qd'
/** The callback_id of the message shortcut. */
export const SHORTCUT = 'ask_quarterdeck'

/** What each right is for. The manifest asks for these and no other; docs/slack.md shows the same list. */
export const SCOPES = {
  'app_mentions:read': 'hear what is said to it in channels it was invited to',
  'assistant:write': 'suggest things to say, and show that it reads and what it is at, where people talk with it alone',
  'channels:history':
    'hear the answer to its own question in a thread, and find its own card again when the answer to a post was lost',
  'channels:read': 'know which channel the configuration means by a name like `#prod`, and that it was invited to one',
  'chat:write': 'post cards and edit them',
  commands: `${COMMAND}, and "Ask Quarterdeck" in the menu of a message`,
  'files:write': 'attach what is too long for a card',
  'groups:history': 'the same as channels:history in private channels it was invited to',
  'groups:read':
    'the same as channels:read for private channels it was invited to, and who may read their cards on the page',
  'im:history': 'hear what people say to it alone',
  'im:write': 'answer somebody alone where it is not in the channel they spoke in',
  'mpim:history': 'the same as channels:history in a direct conversation of several people that it was added to',
  'mpim:read': 'the same as groups:read for them',
  'users:read': 'tell guests, people of other organisations and bots from those who may act',
  'users:read.email': 'link an account to a person by the e-mail address that Slack has verified',
} as const

export type BotScope = keyof typeof SCOPES
// The keys of a literal object are its type's.
export const BOT_SCOPES = Object.keys(SCOPES) as readonly BotScope[]

/** What is heard, and why. */
const BOT_EVENTS = [
  'app_home_opened',
  'app_mention',
  'app_uninstalled',
  'member_joined_channel',
  'message.channels',
  'message.groups',
  'message.im',
  'message.mpim',
  'tokens_revoked',
] as const

const ABOUT = 'Ask for deploys, rollbacks and scaling in plain words; approve them with a click.'

/** The app manifest (https://docs.slack.dev/reference/app-manifest) for an address; without one, for Socket Mode. */
export function slackManifest(options: { readonly url?: string | undefined; readonly redirect?: boolean }): object {
  const { url, redirect = false } = options
  const events = url && `${url}/slack/events`
  return {
    display_information: { name: 'Quarterdeck', description: ABOUT, background_color: '#1d3348' },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      agent_view: {
        agent_description:
          'Runs production with your team: it plans, asks who must be asked, does it once, and writes it down.',
      },
      bot_user: { display_name: 'quarterdeck', always_online: true },
      shortcuts: [
        {
          ...{ type: 'message', name: 'Ask Quarterdeck', callback_id: SHORTCUT },
          description: 'Ask for something about what a message says',
        },
      ],
      slash_commands: [
        {
          ...{
            command: COMMAND,
            description: 'Ask Quarterdeck',
            usage_hint: 'status checkout production',
            should_escape: true,
          },
          ...(events ? { url: events } : {}),
        },
      ],
    },
    oauth_config: {
      scopes: { bot: BOT_SCOPES },
      ...(url && redirect ? { redirect_urls: [`${url}/slack/oauth_redirect`] } : {}),
    },
    settings: {
      event_subscriptions: { bot_events: BOT_EVENTS, ...(events ? { request_url: events } : {}) },
      interactivity: { is_enabled: true, ...(events ? { request_url: events, message_menu_options_url: events } : {}) },
      org_deploy_enabled: false,
      socket_mode_enabled: events === undefined,
      token_rotation_enabled: false,
    },
  }
}
