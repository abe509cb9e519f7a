const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/))

/** Words that carry nothing a plan would need: they are explained wherever they stand, and are never a name. */
export const NOISE = set(`
  a an the this that these those it its it's my our your their his her me us we i you they he she them
  to in on at of for from by with into onto over up down out off as and or but so then also too plus via per
  please pls plz kindly just now right away immediately asap quickly quick soon today currently again back
  thanks thank thx ty cheers ta hey hi hello yo ok okay well alright sure yes yeah yep
  service services app apps application applications environment environments env cluster namespace deployment deployments
  component workload microservice server servers system
  version versions tag image release build replica replicas pod pods instance instances copy copies container containers
  node nodes workers times total altogether exactly about around only each
  can could would will do does did is are was were be been being has have had get got let lets let's want need like
  what which who how when where why there here all any some every everything anything something both more less fewer extra additional another
  give show list tell see view display check look make take put set bring go going run running keep
  next last past latest recent previous current new newest old time go ahead whole entire called named team
  mate buddy friend bot don't mind if possible when you chance moment second bit while one's us's
`)

/** Words by which a sentence tells what happened: with one of these, an imperative is none. */
export const REPORTING = set(`
  is are was were has have had been went failed fails failing finished fixed fixes broke breaks broken worked works succeeded
  completed done crashed happened looks seems took takes helped caused causes wasn't isn't hasn't didn't doesn't went
  hangs hung didnt wasnt isnt said says
`)

/** Words that move a wish to another time or another condition: we run things now or not at all. */
export const CONDITIONAL = set(`
  if unless once when whenever whether suppose supposing assuming imagine hypothetically otherwise maybe perhaps possibly
  yesterday tomorrow tonight later someday eventually afterwards monday tuesday wednesday thursday friday saturday sunday
  weekend before after while noon midnight
`)

export const NEGATING = set(`
  not don't dont do-not never no without won't wont shouldn't shouldnt can't cant cannot mustn't wouldn't couldn't nobody none
  avoid refrain didn't didnt doesn't doesnt isn't isnt wasn't wasnt aren't haven't hasn't needn't neither nor nope nah
  instead rather except
`)

/** Verbs and nouns by which somebody else's words come in. */
export const SPEECH = set(`
  said says saying say told tells telling asked asks asking wrote writes written mentioned mentions suggested suggests suggesting
  recommended recommends recommending proposes proposed thinks thought believes believed claimed claims
  replied announced reported reports quote quoted quoting according wants wanted wished insisted insists insist ordered
  instructed instructs reads meant means example e.g i.e screenshot transcript
`)
