import type { Catalog } from '../../core/catalog/catalog.ts'
import { exactly } from './entities.ts'
import type { Word } from './words.ts'

/** How people write little words on a phone, and the slips that happen to them: what is typed, and what it stands for. */
const WRITTEN = `
  u=you ur=your r=are n=and w=with w/=with w/o=without wo=without da=the teh=the hte=the adn=and fro=for fomr=from frm=from wiht=with taht=that
  waht=what wat=what wich=which agian=again anythign=anything somethign=something evrything=everything pleas=please plese=please plase=please plz=please
  b4=before bfore=before b/c=because bcuz=because bcos=because becuase=because coz=because cos=because til=until 'til=until untill=until thru=through
  shld=should shd=should shud=should wld=would wud=would cld=could cud=could dnt=don't dunno=unsure gotta=must hafta=must
  rn=now nao=now atm=now tmrw=tomorrow tmr=tomorrow tmw=tomorrow tmrow=tomorrow tomorow=tomorrow tommorow=tomorrow tommorrow=tomorrow 2moro=tomorrow 2morrow=tomorrow
  tonite=tonight 2nite=tonight 2day=today yest=yesterday yday=yesterday ystrday=yesterday yesterdays=yesterday's
  wk=week wks=weeks yr=year yrs=years mth=month mths=months qtr=quarter qtrs=quarters hr=hour hrs=hours
  acct=account accts=accounts acc=account cmd=command cmds=commands svc=service svcs=services ver=version vers=versions msg=message msgs=messages
  prev=previous lst=last inc=incident incs=incidents ppl=people abt=about smth=something sth=something evry=every sched=schedule config=configuration
  whats=what's whos=who's wheres=where's hows=how's whens=when's theres=there's
`
const STANDS_FOR: ReadonlyMap<string, string> = new Map(
  WRITTEN.trim()
    .split(/\s+/)
    .map((pair) => [pair.slice(0, pair.lastIndexOf('=')), pair.slice(pair.lastIndexOf('=') + 1)] as const),
)

/** Words with shorthand written out in `lower`; what was typed stays in `text`. A name of the catalog is that name. */
export function writeOut(words: readonly Word[], catalog: Catalog): readonly Word[] {
  return words.map((word) => {
    const full = word.quoted ? undefined : STANDS_FOR.get(word.lower)
    if (full === undefined) return word
    const isName = (['service', 'environment'] as const).some((kind) => exactly(catalog, kind, word.text).length > 0)
    return isName ? word : { ...word, lower: full }
  })
}
