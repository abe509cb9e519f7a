import { type Item, textOf } from '../clauses.ts'
import { ASKS_FOR, ASKS_THAT, ASKS_TO, GRATEFUL_IF } from './orders/asking.ts'
import { ORDERING, orderOfGerund } from './verbs.ts'

const OPENING =
  /^(?:hey|hi|hello|hiya|heya|yo|ok|okay|k|kk|so|well|alright|all right|right|now|and|also|then|but|sorry|again|thanks|thank you|thx|ty|yes|yeah|yep|yup|sure|great|cool|perfect|nice|finally|first|hmm|hm|oh|ooh|oops|ugh|argh|ah|aah|wow|damn|omg|btw|fyi|quick one|quick question|one more thing|one more|therefore|thus|hence|consequently|accordingly|unfortunately|please|pls|plz|plss|pleeease|kindly|just|quickly|quick|folks|guys|everyone|everybody|hi all|hey all|team|bot|mate|buddy|friend|dear|there|morning|evening|afternoon|night|good (?:morning|evening|afternoon|night|day)|excuse me|urgent|urgently|emergency(?! stop)|asap|attention|heads up|go ahead and|go ahead n|go ahead|feel free to|be so kind and|be so kind as to|be a dear and|do me a favou?r and|do me a favou?r|if you (?:can|could|would)|when you (?:can|get a (?:chance|moment|sec|second|minute))|whenever you can|@?(?:quarterdeck|qd)|@bot)(?= |$)/
const ASKING =
  /^(?:(?:may|can|could|must|have to|need to) i (?:kindly )?(?:ask|trouble|bother|beg) (?:you|u|someone|somebody) to|(?:i|we) (?:have|need|want|would like) to ask (?:you|u) to|(?:i|we) (?:was|were|am|are)? ?(?:hoping|hope) (?:that )?(?:you|u|someone) (?:can|could|would|will)|(?:(?:it|that)(?: would|'d) be|would be|'d be) (?:\w+ )?(?:great|nice|good|lovely|awesome|helpful|cool|super|fantastic|perfect|wonderful|kind|appreciated|handy) if (?:you|u|someone|somebody|anyone) (?:could|would|can)|(?:i|we)(?:'d| would) (?:really )?(?:appreciate|love|like|be (?:grateful|happy|glad|thankful|obliged)) ?(?:it )?if (?:you|u|someone|somebody|anyone) (?:could|would|can|'d)|(?:would|are) (?:you|u) (?:be )?able to|do you think (?:you|u) (?:can|could)|be a (?:star|hero|darling|love|pal|champ|legend) and|i (?:kindly )?request (?:you )?to|(?:can|could|would|will) (?:you|u|ya|someone|somebody|anyone|anybody|one of you)(?: guys| please| pls| plz| kindly| just| maybe| possibly| quickly| perhaps| be so kind(?: as to| and)?)*(?= )|(?:i|we)(?:'d| would|'ll)? (?:really )?(?:like|love|want|need|wish|have)(?: you)? to(?= )|(?:i'd|we'd|id) (?:really )?(?:like|love|want|need)(?: you)? to(?= )|(?:i|we)(?:'d| would)? (?:like|want|need) (?:us|you) to(?= )|i'd ask you to|i (?:kindly )?ask you to|you (?:should|can|may|must|need to|have to)(?: please| now| just)?(?= )|let's|lets|let us(?! know)|it's time to|its time to|time to|is it possible to|is it possible for you to|would it be possible to|any chance (?:you|u) (?:can|could|would)|mind if you|(?:can|could|may|might) (?:i|we)(?: please| just| maybe| quickly)*(?= (?:see|look|view|check|read|know|take a look|have a look)(?= |$)))(?= |$)/
// `we'd like to have 1.4 on qa`: the wish of a thing.
const WISHED = /^(?:i|we|i'd|we'd|id)(?: would)? (?:really )?(?:like|love|want|need) to (?:have|get) (?=.*<)/
const MINDING =
  /^(?:would|do|could) (?:you|u) mind (?:to )?(?=\w+ing(?= |$))|^(?:mind|how about you|what about) (?=\w+ing(?= |$))/
const WISH =
  /^(?:(?:can|could|may|might) (?:i|we)(?: please| just| maybe| also)* (?:get|have)|(?:i|we)(?:'d| would|'ll| do| really| just| urgently| also)* (?:like|love|want|need|require)(?: to have| to get| to see)?|(?:i'd|we'd|id) (?:really )?(?:like|love|want|need)(?: to have| to get| to see)?|(?:give|get|hand|fetch) (?:me|us)|let (?:me|us) (?:have|get|see)|need|want|wanna (?:see|have|get)|in need of|looking for|would like|would love|gimme|lemme see|lemme get)(?= )/

const WHAT_I_WANT =
  /^(?:what|all) (?:i|we)(?:'d| would)? (?:really |just )?(?:want|need|like)(?: (?:in|on|for) (?:the |our )?<\w+>)? is(?= (?:a|an|the|some|<\w+>) )/

const TOGETHER =
  /^(?:can|could) we (?=\w+ )(?!\w+ (?:if|to)(?: |$))(?=.*(?:<service>.*<environment>.*<(?:environment|duration|moment)>|<service>.* from (?:the )?<environment> (?:in|on)?to \S+$|<incident>|<operation>)|.* (?:please|pls|plz)$)(?!.* (?:safely|ever|at all|without|also|even|too|still|directly|somehow|or|instead|not|already|again sometime)(?: |$))/

/** A clause without its greetings and courtesies; `can we get`, `I need` and the like become the verb `get`. `courteous` when it asked somebody. */
export function stripCourtesy(items: readonly Item[]): { readonly main: readonly Item[]; readonly courteous: boolean } {
  let rest = withPlaceLast(items)
  let courteous = false
  for (let rounds = 0; rounds < 10 && rest.length > 0; rounds++) {
    const text = textOf(rest)
    const opening = OPENING.exec(text)
    if (opening) {
      if (/^(?:please|pls|plz|plss|kindly|go ahead)/.test(opening[0])) courteous = true
      rest = rest.slice(wordsIn(opening[0]))
      continue
    }
    const asking = WISHED.test(text)
      ? null
      : (ASKS_TO.exec(text) ?? ASKS_THAT.exec(text) ?? GRATEFUL_IF.exec(text) ?? ASKING.exec(text))
    if (asking) {
      courteous = true
      rest = rest.slice(wordsIn(asking[0]))
      continue
    }
    // `can we lock cart in qa for an hour?` says all of it, `can we deploy on fridays?` wonders.
    const together = TOGETHER.exec(text)
    const verb = rest[2]
    if (together && verb && ORDERING.has(verb.text)) {
      courteous = true
      rest = rest.slice(2)
      continue
    }
    const minding = MINDING.exec(text)
    const [gerund, ...others] = minding ? rest.slice(wordsIn(minding[0])) : []
    const order = gerund && orderOfGerund(gerund.text)
    if (gerund && order) return { main: withoutEnd([{ ...gerund, text: order }, ...others]), courteous: true }
    const wish = WISH.exec(text) ?? ASKS_FOR.exec(text) ?? WHAT_I_WANT.exec(text)
    if (wish && !/^(?:need|want) (?:to|not|a (?:hand|break|coffee))(?= |$)/.test(text))
      return {
        main: withoutEnd([
          { text: 'get', word: rest[0]?.word ?? 0 },
          ...rest.slice(wordsIn(wish[0])),
          ...rest.slice(0, wordsIn(wish[0])).filter((item) => item.slot),
        ]),
        courteous: true,
      }
    break
  }
  const main = withoutEnd(rest)
  return {
    main,
    courteous:
      courteous ||
      (main.length < rest.length - 0 && rest.slice(main.length).some((item) => ASKS_NICELY.has(item.text))),
  }
}

const PLACE_FIRST =
  /^(?:in|on|from|for|at|until|inside|within|with|over in|down in|up in) (?:the |our )?<(\w+)>(?:(?: and| or| &)? (?:on |in )?(?:the )?<\1>)*(?: env| environment| team| service| cluster)? (?=(\S+))/
const TIME_FIRST = /^(?:<(?:schedule|moment)>|for (?:the (?:next|coming) )?<duration>) (?=(\S+))/
const SPEAKING = /^(?:i|we|you|please|pls|plz|can|could|would|will|let|let's|lets|need|i'd|i'll|we'd|kindly|just)$/

// `in prod we need cart at 1.4`: where it shall happen may come first.
function withPlaceLast(items: readonly Item[]): readonly Item[] {
  const text = textOf(items)
  const place = PLACE_FIRST.exec(text) ?? TIME_FIRST.exec(text)
  const next = place?.at(-1) ?? ''
  if (!place || !(SPEAKING.test(next) || ORDERING.has(next))) return items
  const length = wordsIn(place[0])
  return [...items.slice(length), ...items.slice(0, length)]
}

function withoutEnd(items: readonly Item[]): readonly Item[] {
  const tail =
    /(?: (?:is|are|will be|would be) (?:enough|all)|(?<=^(?:a|an|the|another) .*) would be (?:lovely|great|nice|wonderful|good|perfect|appreciated|helpful|awesome)|(?<=^(?:a|an|any|rolling|canary|blue-green)(?: \S+){1,3}) (?:is|are|would be) (?:fine|ok|okay|good|great|nice|perfect)| will do| would do)$/.exec(
      textOf(items),
    )
  let end = items.length - (tail ? wordsIn(tail[0]) : 0)
  while (end > 1 && TRAILING.has(items[end - 1]?.text ?? '')) end--
  return items.slice(0, end)
}

const ASKS_NICELY: ReadonlySet<string> = new Set(['please', 'pls', 'plz'])

const TRAILING: ReadonlySet<string> = new Set(
  'quarterdeck please pls plz plss thanks thx thank you asap now cheers ty tia mate bot quickly immediately folks guys kindly urgently'.split(
    ' ',
  ),
)

const wordsIn = (text: string): number => text.trim().split(' ').filter(Boolean).length
