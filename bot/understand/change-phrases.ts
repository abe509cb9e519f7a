/**
 * How people ask for changes, besides the words a skill's own file brings. Each pattern is matched from the start of a clause whose
 * values are written as `<service>`, `<version>`, `<previous>` (the version before), `<change>` (a relative count), `<number>` and so on.
 * A phrase for a skill that is not installed is never looked at.
 */
export interface Phrase {
  readonly skill: string
  readonly pattern: RegExp
  /** How surely these words mean this skill, 0–1. */
  readonly weight: number
}

const phrases = (skill: string, ...list: readonly (readonly [RegExp, number])[]): readonly Phrase[] =>
  list.map(([pattern, weight]) => ({ skill, pattern, weight }))

const MOVE = 'put|get|bring|move|take|set|bump|update|upgrade|switch|change|send|have|run'
const COUNT = '(?:<number>|<change>)'

export const CHANGE_PHRASES: readonly Phrase[] = [
  ...phrases(
    'deploy',
    [/^(?:re-?)?deploy(?= |$)/, 1],
    [/^(?:ship|release|publish|launch|install)(?= |$)/, 0.95],
    [/^roll-?out(?= |$)|^roll out(?= |$)|^roll (?:\S+ ){1,5}out(?= |$)/, 1],
    [/^push(?= |$)(?: out)?/, 0.95],
    [new RegExp(`^(?:${MOVE})(?: .*)? <version>(?= |$)(?!.* back(?= |$))`), 0.9],
    [/^(?:update|upgrade|bump) (?:.* )?<service>(?= |$)/, 0.75],
    [/^go live with(?= )/, 0.9],
    [
      /^(?:do|perform|run|start|trigger|make|kick off|begin) (?:a |an |the )?(?:new )?(?:deploy|deployment|release|rollout) of(?= )/,
      0.9,
    ],
    [/^get a (?:deploy|deployment|release|rollout) of(?= )/, 0.8],
    [/^<service> (?:to |at |@ )?<version>(?= )/, 0.65],
    [/^<version> (?:of|for) <service>(?= )/, 0.65],
  ),
  ...phrases(
    'rollback',
    [/^(?:roll-?back|roll back)(?= |$)|^roll (?:\S+ ){1,6}back(?= |$)/, 1],
    [/^revert(?= |$)/, 0.97],
    [/^(?:go|put|take|bring|move|switch|set|get|return|change|flip|send) (?:.* )?back(?= |$)/, 0.95],
    [/^(?:back out|backout|downgrade)(?= |$)/, 0.95],
    [/^(?:restore|return|put|take|bring|move|switch|set|get|change|flip) (?:.* )?<previous>/, 0.95],
    [/^(?:restore|return|reset) (?:.* )?<version>/, 0.9],
    [/^(?:do|perform|run|start|trigger|make|get) (?:a |the )?(?:roll-?back|revert) (?:of|for|on)(?= )/, 0.9],
  ),
  ...phrases(
    'scale',
    [/^(?:re)?scale(?= |$)/, 1],
    [/^resize(?= |$)/, 0.97],
    [/^<change>(?= )/, 0.8],
    [
      new RegExp(`^(?:give|get|put|make|run|bring|take|turn|move|change|set|bump|have|send) (?:.* )?${COUNT}(?= |$)`),
      0.9,
    ],
    [
      new RegExp(
        `^(?:add|remove|drop|kill|increase|decrease|reduce|raise|lower|grow|shrink|cut|boost|crank|dial|up|size|spin|ramp) (?:.* )?${COUNT}(?= |$)`,
      ),
      0.97,
    ],
    [/^(?:crank|dial|turn|ramp|spin|size|bring|beef) (?:.* )?(?:up|down|in)(?= |$)/, 0.7],
    [
      /^(?:increase|decrease|reduce|raise|lower|add|remove|get|give|bump|change|adjust|set) (?:.* )?(?:replicas?|pods?|instances?|copies|capacity)(?= |$)/,
      0.85,
    ],
    [/^halve(?= |$)/, 0.97],
    [/^<number> (?:replicas|pods|instances|copies) (?:of|for|on) /, 0.75],
    [/^<service> (?:to |at |@ |on )<number>(?= )/, 0.65],
    [/^<service> (?:needs|should have|wants) (?:<number>|<change>)(?= )/, 0.65],
  ),
  ...phrases(
    'restart',
    [/^re-?start(?= |$)/, 1],
    [/^(?:reboot|bounce|recycle|cycle)(?= |$)/, 0.97],
    [/^rolling restart(?= |$)/, 1],
    [/^(?:kick|turn|switch) (?:.* )?off and (?:back )?on(?: again)?(?= |$)/, 0.9],
    [/^kick (?:.* )?<service>(?= |$)/, 0.7],
    [/^(?:do|perform|run|start|trigger|make|get|give) (?:.* )?(?:restart|bounce|reboot|kick)(?= |$)/, 0.9],
  ),
  ...phrases(
    'lock',
    [/^lock(?= |$)/, 1],
    [/^reserve(?= )/, 0.95],
    [/^(?:freeze|hold) (?!everything|all|every|changes$|off|on|up)/, 0.9],
    [
      /^(?:block|pause|stop|forbid|prevent|disable|suspend|freeze|hold) (?:all )?(?:deploys?|deployments?|changes|releases) (?:.* )?<(?:service|environment)>/,
      0.95,
    ],
    [/^(?:put|place|take|get|set) (?:a |the )?lock on(?= )/, 0.97],
  ),
  ...phrases(
    'unlock',
    [/^unlock(?= |$)/, 1],
    [
      /^(?:unfreeze|unblock|thaw) (?:.* )?<(?:service|environment)>|^(?:unfreeze|unblock|thaw) (?:it|that|this|them|those)(?= |$)/,
      0.95,
    ],
    [
      /^(?:release|lift|remove|drop|clear|delete|free|break|open) (?:.* )?(?:lock|hold|freeze)(?= |$)(?=.*<service>)/,
      1,
    ],
    [/^take (?:.* )?lock (?:off|away)(?= |$)|^take (?:off|away) (?:.* )?lock(?= |$)/, 1],
    [/^(?:release|lift|remove|drop|clear|delete|free|break) (?:the |my |that |this |our )?lock(?= |$)/, 1],
    [/^(?:release|free) <service>/, 0.7],
  ),
  ...phrases(
    'cancel',
    [/^(?:cancel|abort|call off)(?= |$)/, 1],
    [/^(?:stop|kill|terminate|halt|drop|scrap|end|interrupt) (?:.* )?<operation>/, 1],
    [
      /^(?:stop|kill|terminate|interrupt) (?:the|that|this|my)? ?(?:running )?(?:deploy|deployment|rollout|rollback|scaling|restart|operation|it|that|this)(?= |$)/,
      0.9,
    ],
  ),
  ...phrases(
    'undo',
    [/^undo(?= |$)(?! .*<service>)/, 1],
    [/^(?:revert|roll ?back|reverse|back out|take back|put back) (?:.* )?<operation>/, 1],
    [/^(?:take|put|roll) (?:it|that|this|<operation>) back(?= |$)/, 0.98],
  ),
  ...phrases(
    'settle',
    [/^settle(?= |$)/, 1],
    [/^(?:mark|close|set|declare|record|resolve|call) (?:.* )?<operation>/, 0.97],
  ),
  ...phrases(
    'halt',
    [/^halt(?= |$)/, 1],
    [
      /^(?:stop|freeze|pause|hold|block|suspend|kill|cease|disable|lock) (?:everything|all|any|every)(?= |$)(?!.*<(?:service|environment|operation)>)/,
      1,
    ],
    [/^(?:stop|freeze|pause|hold) (?:changes|deploys|deployments|the world)$/, 0.95],
    [/^(?:emergency|full) stop(?= |$)/, 1],
    [
      /^(?:pull|hit|press|flip|throw|use|activate|engage|turn on) (?:the )?(?:kill ?-?switch|plug|emergency brake|brake|big red button)(?= |$)/,
      1,
    ],
  ),
  ...phrases(
    'resume',
    [/^(?:resume|unhalt|un-halt)(?= |$)/, 1],
    [
      /^(?:unfreeze|unpause|continue|re-?enable|allow|release) (?:everything|all|changes|deploys|deployments|operations)(?= |$)/,
      0.95,
    ],
    [
      /^(?:lift|end|release|remove|clear|turn off|disable|reset) the (?:(?:general|global|complete|emergency|big|change) )*(?:halt|freeze|kill ?-?switch|stop|brake)(?= |$)(?!.*<(?:service|environment|operation)>)/,
      1,
    ],
    [/^let (?:changes|deploys|deployments|everything|things) (?:start|go|run|through|happen|continue)(?= |$)/, 0.95],
  ),
  ...phrases(
    'mode',
    [/^mode(?= |$)/, 1],
    [
      /^(?:set|switch|change|put|turn|go|make|move|use|enter) (?:.* )?(?:mode|read-only|readonly|suggest|review|autonomous)(?= |$)/,
      0.97,
    ],
  ),
  ...phrases('page', [
    /^(?:call|ring|wake|wake up|alert|notify|ping|summon|reach|phone|get hold of) (?:up )?(?:<person>|whoever|the on-?call|the person|someone|somebody|<service> on-?call|on-?call)(?= |$)/,
    0.92,
  ]),
  ...phrases('budget', [
    /^(?:set|raise|lower|increase|decrease|reduce|change|adjust|update|cut|cap) (?:up )?(?:.* )?budgets?(?= |$)/,
    0.9,
  ]),
  ...phrases('digest', [
    /^(?:set up|send|post|schedule|create|make|start|get|give|have|(?:i|we) (?:want|need)|i'd like) (?:.* )?digests?(?= |$)/,
    0.9,
  ]),
  ...phrases('link', [/^link(?= )/, 1], [/^(?:connect|tie|attach|add|join) (?:.* )?account(?= |$)/, 0.95]),
  ...phrases('unlink', [/^un-?link(?= |$)/, 1], [/^(?:disconnect|untie|detach|remove) (?:.* )?account(?= |$)/, 0.95]),
  ...phrases('subscribe', [/^subscribe(?= |$)(?!.*(?:digest|summar|report|<channel>))/, 1]),
  ...phrases(
    'unsubscribe',
    [/^un-?subscribe(?= |$)(?!.*(?:digest|summar|report|<channel>))/, 1],
    [/^(?:remove|drop|end|delete|stop) (?:.* )?subscription (?:to|for)(?= )/, 0.95],
  ),
  ...phrases(
    'delegate',
    [/^delegate(?= |$)/, 1],
    [/^(?:let|have) \S+ (?:approve|decide|act|stand in|sign off)(?= )/, 0.97],
    [/^\S+ (?:approves|acts|stands in|covers|decides) for me(?= )/, 0.9],
    [/^make \S+ my (?:deputy|delegate|stand-in)(?= )/, 0.97],
    [/^(?:hand|pass|give) (?:over )?my approvals(?: over)? to(?= )/, 0.97],
  ),
]
