import type { Phrase } from './change-phrases.ts'

const phrases = (skill: string, ...list: readonly (readonly [RegExp, number])[]): readonly Phrase[] =>
  list.map(([pattern, weight]) => ({ skill, pattern, weight }))

/** How people ask to see things. Matched anywhere in a clause that asks, tells to show, or only names. */
export const READ_PHRASES: readonly Phrase[] = [
  ...phrases(
    'help',
    [/^help(?= |$)/, 1],
    [/^(?:usage|commands?|manual|\?)$/, 0.95],
    [/^what (?:can|do) (?:you|this|it|i) (?:do|say|ask|type)(?= |$)(?! to approve)/, 0.95],
    [/^how (?:do|can|should|would) (?:i|we|you|one) /, 0.85],
    [/^how does (?:this|it|the bot) work/, 0.95],
    [/^(?:show|give|list|tell|get) (?:.* )?(?:help|commands|skills)(?= |$)/, 0.9],
  ),
  ...phrases(
    'whoami',
    [/^whoami$|^who am i(?= |$)/, 1],
    [/(?:^| )my (?:roles?|rights|permissions?|access|identity|accounts?|privileges|profile)(?= |$)/, 0.95],
    [/^what (?:may|can|am) i (?:do|allowed|deploy|change)(?= |$)/, 0.97],
    [/^what (?:roles?|rights|permissions?|access) (?:do|have) i/, 1],
  ),
  ...phrases(
    'approvals',
    [/(?:^| )approvals?(?= |$)/, 0.95],
    [/(?:waiting|pending|waits|open|outstanding) (?:for|on) (?:me|my|approval|us|a decision|decision)(?= |$)/, 1],
    [/(?:need|needs|want|wants|requires?) (?:.* )?(?:approval|approving|sign-?off|my ok|my decision)(?= |$)/, 0.95],
    [/(?:^| )(?:to|i|me) approve(?= |$)/, 0.95],
  ),
  ...phrases(
    'explain',
    [
      /^(?:explain|describe|show|details?|why|what|how|tell|get|status|see|info|about|more|look|check|where|who|is|did|was) (?:.* )?<operation>/,
      1,
    ],
    [/^<operation>(?: (?:status|details?|info))?$/, 0.95],
    [
      /^(?:how come|walk (?:me|us) through (?:why|how)|(?:what's|what is|give me|tell me) the reasons?) (?:.* )?<operation>/,
      1,
    ],
    [
      /^(?:.* )?(?:why|cause|causes|caused|root cause|explain|explanation|reason|reasons|how come|postmortem)(?: .*)? <incident>/,
      0.97,
    ],
    [/^<incident> (?:.* )?(?:why|cause|explain|explained|explanation|root cause)(?= |$)/, 0.95],
  ),
  ...phrases(
    'operations',
    [/(?:^| )(?:operations|ops)(?= |$)/, 1],
    [
      /^what(?:'s| is| are)? (?:currently |now )?(?:running|going on|in progress|in flight|ongoing|happening|being deployed|being changed)(?: right now| now| currently| at the moment| today)?$/,
      0.97,
    ],
    [
      /^(?:list|show|see|get) (?:.* )?(?:in-?flight|ongoing|running|failed|finished|open) (?:changes|deploys|deployments|jobs|operations)(?= |$)/,
      1,
    ],
    [
      /^(?:any|is any) (?:deploys?|deployments?|changes?|operations?) (?:running|going on|in progress|in flight|ongoing)(?= |$)/,
      1,
    ],
  ),
  ...phrases('operations', [
    /^(?:what|which|has anything|did anything) (?:\S+ )?(?:failed|fail|finished|succeeded)(?= |$)/,
    0.9,
  ]),
  ...phrases(
    'history',
    [/(?:^| )(?:history|changelog|timeline)(?= |$)/, 1],
    [
      /^who (?:last |recently )?(?:deployed|changed|touched|scaled|restarted|rolled|released|shipped|updated|broke|locked)(?= |$)/,
      0.97,
    ],
    [
      /^what(?:'s| has| was| were| have| got| did)? (?:been |we |you |they |recently |last )*(?:changed?|deployed|released|shipped|updated|done)(?= |$)(?! (?:right now|now)$)/,
      0.95,
    ],
    [
      /(?:^| )(?:last|recent|latest|past|previous|all) (?:\S+ )?(?:deploys?|deployments?|changes?|releases?|rollouts?|rollbacks?|restarts?|versions)(?= |$)/,
      0.95,
    ],
    [
      /^when (?:was|were|did|has) (?:.* )?(?:deploy|deployed|change|changed|release|released|restart|restarted|scale|scaled|updated?|go out|ship|shipped)(?= |$)/,
      0.97,
    ],
    [/^(?:which|what) versions(?= )/, 0.9],
    [/^(?:show|list|see|get) (?:.* )?(?:deploys|deployments|changes|releases|rollouts)(?= |$)/, 0.9],
    [/(?:^| )(?:changes|deploys) (?:to|of|in|on) /, 0.8],
  ),
  ...phrases(
    'logs',
    [/(?:^| )logs?(?= |$)/, 1],
    [/^tail(?= |$)/, 1],
    [/(?:^| )(?:log|error) (?:lines|messages|output|entries)(?= |$)/, 1],
    [/^what (?:is|'s) <service> (?:logging|printing|saying)/, 1],
    [/(?:^| )(?:stack ?traces?|exceptions?|errors?|output) (?:in|from|of|for) /, 0.85],
  ),
  ...phrases(
    'status',
    [/(?:^| )(?:status|health|state)(?= |$)/, 1],
    [
      /^how(?:'s| is| are|s) (?:the )?(?:<service>|<environment>|everything|all|things|production|services|it)(?= |$)/,
      0.95,
    ],
    [/^how(?:'s| is| are|s) \S+ (?:doing|going|looking|holding up|running)(?= |$)/, 0.85],
    [
      /^(?:what|which)(?:'s| is| are)? (?:.* )?(?:running|up|deployed|live|installed|runs)(?: |$)(?:.*<(?:service|environment)>)/,
      0.95,
    ],
    [/(?:which|what|the|current) (?:current )?version(?= |$)/, 0.95],
    [/^how many (?:.* )?(?:replicas|pods|instances|copies)(?= |$)/, 0.97],
    [/^(?:is|are) (?:the )?(?:<service>|<environment>|everything|all|it)(?= )/, 0.9],
    [
      /^(?:check|show|see|view|display|describe|get|look at|inspect|list|check on|have a look at|take a look at) (?:.* )?(?:<service>|<environment>)/,
      0.75,
    ],
    [/^what runs(?= |$)/, 0.95],
    [
      /^(?:what(?:'s|s)?|which(?: (?:services?|ones?|pods?))?)(?: (?:is|are|seems|looks))?(?: (?:all|currently|now|actually))? (?:broken|down|failing|unhealthy|crashing|degraded|on fire|not (?:well|ok|healthy))(?: (?:right now|now|here|today|(?:in|on) <environment>))*$/,
      0.97,
    ],
    [/^(?:is )?(?:anything|something) (?:broken|wrong|down|failing|unhealthy|on fire)(?= |$)/, 0.95],
    [/^(?:<service>|<environment>)(?: (?:in|on) <environment>)?$/, 0.6],
  ),
]
