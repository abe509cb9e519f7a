const set = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/))

/** Verbs by which people tell somebody to do something, as they stand at the front of an order. Open-ended: a skill's own words come on top. */
export const ORDERING = set(`
  abort ack acknowledge activate add adjust allow announce approve arrange assign attach autoscale back begin block boost bounce bring budget bump
  call cancel cap cease change check clear close configure connect continue crank create cut cycle deactivate decide declare decline decrease
  delegate delete deploy describe dial digest disable display double downgrade drain drop dump ease enable end engage enter escalate estimate execute
  expand explain fail fetch file find fire fit flip forecast forward free freeze get give go grab grant grow halt halve hand have help hit hold
  increase inform initiate inspect install interrupt invoke keep kick kill launch leave let lift limit link list load lock log look lower make mark
  merge move mute name notify open override page park patch pause permit ping place plan point post predict press prevent print project promote
  publish pull push put quiet quieten raise ramp read reboot record recycle reduce redeploy refresh register reject release relaunch release reload remove rename reopen
  repeat replace report rerun reserve reset resize resolve respawn restart restore resume resync return reverse revert review revive rightsize
  ring roll rollback rollout rotate run save scale schedule scrap search see select send set settle shift ship show shrink shut signal silence size
  slim snooze spawn spin split squelch stage start stop sum summarise summarize suppress suspend switch tail take tell terminate thaw throttle throw tie tighten
  toggle track transfer trigger trim triple try tune turn unblock undeploy undo unfreeze unhalt unlink unlock unmute unpause unsilence unsubscribe up update upgrade
  do perform apply follow carry advance sync align correct optimise optimize match claim conclude finish treat write say note break unwind nullify hush shush mute
  disengage proceed appoint alert reach summon step allot deputise deputize pick ship hold work bring yeet nuke whack page fix flush clean rerun retry retire
  stand grow decommission destroy wipe purge truncate empty format reinstall reimage cordon drain evict fail over failover rotate renew migrate backup
  appeal assemble authorise authorize axe back bail beef beep bind block book bother broadcast bubble bug buzz carry chop clamp clone
  contact copy cordon crack designate dish ditch divide dock dole double-size drive dump email enact enlarge enlist enrol enroll entrust erase fatten fence ferry flag flick force
  gag gather grep guard hike hook hurry isolate jack jot juice jump knock lease lend lob log lump mail mash mellow mind mirror modify muzzle name nominate nudge outfit pad pair
  pass pin plug poke pop prepare preserve promise propagate protect provision punt queue quell quit ration reactivate reassign rebuild recall reconnect recover redo reinstate
  relay remind renew repair report reprieve rescale respin retag revisit revoke rewind rid roll-forward rope scold scrape seal secure shave shed shelve shout shovel
  shuffle shunt slap slash sling slip smash snap spare spike spool stack stash steer stick stretch subscribe swap swell switch tack tag tell tick tip top toss trigger trip trust tuck
  uncordon undeploy unfence unhold unlatch unmark unpin unseal unsuspend unwind usher vote wave wean whip widen wind wire wrap yank zap
  use view wake walk warn whitelist widen withdraw wrap zero re-deploy re-run re-start restart right-size un-lock unlock unsnooze un-halt un-silence un-mute double-check roll-back auto-scale
`)

const IRREGULAR: Readonly<Record<string, string>> = {
  brought: 'bring',
  built: 'build',
  cut: 'cut',

  frozen: 'freeze',
  gone: 'go',
  given: 'give',
  got: 'get',
  held: 'hold',
  kept: 'keep',
  made: 'make',
  moved: 'move',
  put: 'put',
  ran: 'run',
  run: 'run',
  sent: 'send',
  set: 'set',
  shown: 'show',
  shut: 'shut',
  shrunk: 'shrink',
  taken: 'take',
  told: 'tell',
  undone: 'undo',
  woken: 'wake',
  withdrawn: 'withdraw',
  thrown: 'throw',
  let: 'let',
  acked: 'ack',
  'right-sized': 'rightsize',
}

/** The order a participle is made of: `restarted` → `restart`, `promoted` → `promote`, `cancelled` → `cancel`; undefined for other words. */
export function orderOfParticiple(word: string): string | undefined {
  const irregular = Object.hasOwn(IRREGULAR, word) ? IRREGULAR[word] : undefined
  if (irregular) return irregular
  if (!word.endsWith('ed') || word.length < 5) return undefined
  return firstOrder([word.slice(0, -2), word.slice(0, -1), word.slice(0, -3), `${word.slice(0, -3)}y`])
}

/** The order a gerund is made of: `restarting` → `restart`, `scaling` → `scale`, `rolling` → `roll`. */
export function orderOfGerund(word: string): string | undefined {
  if (!word.endsWith('ing') || word.length < 6 || word === 'rolling') return undefined
  const stem = word.slice(0, -3)
  return firstOrder([stem, `${stem}e`, stem.slice(0, -1)])
}

const firstOrder = (words: readonly string[]): string | undefined => words.find((word) => ORDERING.has(word))

// A finite verb: with a subject before it, a clause tells something.
const FINITE = set(`
  is are was were am has have had do does did will would can could may might must shall should isn't aren't wasn't weren't hasn't haven't hadn't
  don't doesn't didn't won't wouldn't can't couldn't cannot isnt arent wasnt werent hasnt dont doesnt didnt wont wouldnt cant couldnt
  it's he's she's that's there's what's who's they're we're you're i'm i've we've they've you've i'd we'd he'd she'd they'd it'll
  looks look looked seems seem seemed feels felt keeps kept needs need needed wants want wanted gets got goes went comes came says said told asked thinks thought
  works worked fails failed breaks broke broken crashes crashed hangs hung runs ran takes took makes made gives gave shows showed
  finished finishes completed completes succeeded happened happens started starts stopped stops ended caused causes helped
  restarted deployed scaled rolled promoted locked unlocked silenced acknowledged acked resolved escalated paged cancelled canceled undid reverted declared
  halted resumed approved rejected merged shipped released updated upgraded bounced rebooted froze crashed recovered stays stayed left belongs
  burns eats uses used loses lost sees saw knows knew means meant dies died throws threw returns returned reports reported complains complained
  found finds noticed notices hit hits
  complain die throw burn eat hang wait waits waited stands stood
`)

/** True for a word by which a clause with a subject tells something. */
export const tells = (word: string): boolean => FINITE.has(word)
