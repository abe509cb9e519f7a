/**
 * Words of plain English as engineers write it (those that several packages' readmes use, and those of everyday talk). They say that a word
 * is no slip of the pen and no name; what they mean is no matter here.
 */
export const PLAIN_WORDS: ReadonlySet<string> = new Set(
  `
  abc ability abort aborted absent absolute absolutely abstract acceptable accepted accepting accepts accessed accessible accessing accidentally
  according accordingly accumulate accurate acknowledge actions actively activities actually add added adding addition additional additions addon
  addressed addresses adds adhere adheres adopt adopted advanced affect affected affecting affects afternoons age agent agents ages ago ahead aims
  air airport alarmed algorithm algorithms alias aliases all allocation allowed allowing allows ally alongside alpha alright also alternate
  alternative alternatively alternatives ambiguity ambiguous among and angry annoyed annoying anonymous another answering any anymore anyone anything
  anyway anywhere apart apologies app append appended appending applicable application applications applied applies appreciated appropriate apps apt
  arbitrary architecture archive are aren ares args argument arguments arr array arrays arrives artifact artifacts ask asking asleep assert assertion
  asset assets assigned associated assumed assumes ast async asynchronous attach attached attaches attachment attacker attacks attempting attempts
  attention attribute attributes audit auditing auditor auditors audits auth authenticate authorization authors auto autoconf autogenerate automake
  automated automatic automatically available avoids await away awesome awful babysit back backend backpressure backwards bad badges baked bank banks
  bar bare base based bash batch baz beautiful becomes becoming been beer beginning begins behave behaviour belong belongs bench benchmark benchmarks
  bet big biggest bigint binaries binary bind binding bindings birthday bit bits blazing bleeding bless blew blocking blocks blog bloody blow blown
  boarding body boolean booleans bored boss bosses both bother bought bound boundaries boundary bounds box boys bracket brackets brainer brakes
  branches breaking breaks breath breathe breathing bro broadcast broadly broke browserify browsers brutal buf buffer buffered buffering buffers bug
  bugs builder builds built bulk bum bump bumpy bun bunch bundled bundler bundlers bundles bundling busier busiest business busy but byte bytes cache
  cached caching callable callback callbacks called caller calling calls calmed calmer calming calmly campaigns can cannot canonical capabilities
  capability capacity caret carries cases cash caught caused causes causing ceo cert certain certificate certificates certified chained chaining
  changed changelog changes chaos char character characters charset charsets chatty cheaper checked checking checkout checks checkup children
  chilling choke choked choking christmas chunk chunks circular classes cleanup clearing clever clients clog clogged clogging clone closed closely
  closes closest closing closure cluster coast codebase codecov codes coding collection colon colors column columns combination combine combined come
  comes coming command commands commas comments commits commonly communicate communication community compact companies compared comparing comparison
  compatibility compatible compilation compile compiled compiler compiles compiling complaining complaints completed completely completion complex
  component components composed comprehensive compress compressed compression computed concatenation concerns concrete concurrency concurrent
  conditional conditions config configs configurable configuration configure configured conforms confused congested conjunction connected connection
  connections considered considering considers consistent consistently consists console const constant constants construct constructed construction
  constructor constructors constructs consult consume consumed consumer consumers consuming consumption contained container containing contains
  contents contexts continues contribute contributing contribution contributions contributors controlled controller controls convenience convenient
  conversation conversion convert converted converting cook cooked cookie cookies cooking coordinate cope copes copied copies coping copy copying
  copyright core correction correctly corresponding counts coverage covered coworker crap crawl crawling crazy created creates creating creation
  credentials cron crying crypto cryptographic ctx cuffs culprit curl currently cursed custom customers customize cwd dad damn dark dash dashboard
  dashboards database dates dawn day days dead deadline deadlock dealing debits debugger debugging decent decided decimal declaration declarations
  declare decode decoded decoder decoding dedicated defaulting defaults defer define defined defines defining definition definitions degraded delayed
  delays delegate deleted demo dep dependencies dependency dependent depending depends deprecated deprecation deps derived described description
  descriptor descriptors designed desired desperate despite dest destination destroy destroyed destroys detailed details detected detection detects
  determine determined determines determining deterministic dev developed developer developers developing development diagnostics did died dies diff
  differ differences differs digits dir direction directive directly directories directory dirty disable disabled disables disabling disclosure
  disconnected discord discover discovery discuss discussion displayed dist distinct distinguish distribute distributed distribution distributions
  div doc docs doctors documentation documented documents dodge dodgy does doesn dogs doing don done doom doomed door doors dot download downloaded
  downloads downstream drag drained draining dropped dropping drops drowned drowning drunk dry dud due dumb duplex duplicate duplicates duration dusk
  dying dynamic dynamically each easier eaten eating echo ecosystem effectively efficient element elements else embedded emit emits emitted emitter
  emitters emitting enabled enables encode encoded encoder encodeurl encoding encodings encounter encountered encrypted encryption ending endpoint
  ends enforce engines enhance ensures ensuring enterprise entirely entities entity entries env environment environments equality equals equivalent
  err errors esbuild escaping especially establish etag etc eval evaluate even evenings events eventually everybody everyone everything everywhere
  exactly examples exceed exceeded exceeds exception exceptions exclude excluded excluding exclusion executable execute executed executing execution
  exhausted exhaustive existing exists expectation expected expects experience experimental expiration explicit explicitly exploded explodes
  exploding exported exports expose exposed exposes express expression expressions extended extending extends extension extensions externally extract
  extracted extracting extraction extremely eyes factory fails failure failures fallback fallbacks fallen falling falls fancy far faster fastest fat
  features feedback feeling fell fever few fewer fiddle fields filename filenames files filesystem filing filled fills filtered filtering filters
  finalhandler finding findings finds fingers finished finishes fired fires fishy fit fits fix fixed fixes fixing flags flaky flapping flaps
  flattened flights float flood flooded flooding floods flushed flushing folder folks followed following follows font foo fooling footprint for
  forever forgot fork forked forking format formats formatter formatters formatting forms forwarded framework frameworks frequently fridge fried
  friendly from fuel fully functionality functions funny furnished further fuss garbage gcc generally generate generated generates generating
  generation generator generic get gets getting git github given giving globally globals goes going gone goodness goofed got gracefully grammar
  granted granular graphical greater greatly grief groups grown grumpy guarantee guaranteed guarantees guests gunzip gutted guy guys gzip gzipped had
  hammer hammered hammering handful handled handler handlers handles handling hands hanging hangs happens has hash hasn hat hates hats haunted having
  header headers headroom heads heap heck hectic held hell helper helpers helpful helping helps hereby hex hiccup hiccups higher highly historical
  hoist holds holidays homepage hometime hook hooks hopefully hopeless horrible hosed hospital hostname hosts hotfix hotter hours how however hung
  hungry hurting hurts ideas identical identifier identifiers identifies identify identity idle idling ignore ignored ill img immediately immutable
  implement implemented implements important imported importing imports impossible improved improvements improving included includes including
  inclusive incoming incompatible incorrect incorrectly increases incredibly incrementally indentation independent independently indicate indicated
  indicates indicating indices individual infer inference inferred infinite info information inheritance inherited inherits init initial injection
  inline inner inputs insane insert inserted inspect inspired install installation installations installed installer installing installs instance
  instanceof instances instructions int integer integers integrate integrates integration integrity intended interested interface interfaces internal
  internally internals interns interpreted interval intervals intrinsics introduce introduced introduces invalid invocation invoices invoke invoked
  invoking involved isn isolated issued issues itchy items iterate iteration iterations iterator its itself jammed javascript jeez job jobs joined
  journey jsep jsr kaput keeping keeps kept key keys kids kill killing knackered knees knowing known koa labels ladies lag lagging lags lambda lame
  languages laptop larger lately lay layout leading leads leak leaked leaking leaks leaky leaves leaving legacy legs let lets letters levels lib
  libraries libs libtool libxslt license licensed licenses licensing lied lights lightweight limitation limitations limited limits limping lines
  linked links lint linter linters linting linux listed listener listeners listening listing lists literal literally literals loaded loader loading
  loads locale localhost locally located location locations lockfiles log logged logger logging logical login logo logs lonely longer looking looks
  lookup loop loopback looping loops loosing losing loss lot lots lottery low lowest ltdl lucky mad made mailing mails mailto maintain maintained
  maintainer maintainers maintaining maintenance majority makes making malformed man managed management manipulate manipulating manipulation manner
  manual manually map mapped mapping mappings maps matched matches matching mates matrix matters max maxed maximum may meaning means meant meantime
  mechanism meetings meltdown melted melting members mentioned merged meson messages messed messing messy met meta metadata methods middleware
  midnight migrate migrated migrating migration milliseconds mime min minified minimal minimize minimum minutes misbehaving missed misses missing
  mission mistaken mixed mixins modes modification modifications modified modify modifying module modules mom monthly mornings mostly mounted msg
  multipart multiple mum mutating named names namespace namespaces nap nasty native natively nbsp necessarily necessary needed needing needs negative
  negotiation neighbours neither nervous nested nesting net new newly nicely nightly nights node nodejs nodes noisy non nonsense nope nor normalized
  normally not notable notation notes notifications notify notifying now npmignore npmjs null numbers numeric nuts obj objects obtained obtaining
  occurred occurs off offers officer official offset offsets old omit omitted once one ones online oops opened opening openssl operates operating
  operation operations operator opposed opt optimization optimizations optimize optimized optional optionally options opts ordered ordering ordinary
  organization organizations original originally others otherwise our out outage outages outer outputs overflow overhead overheating overlapping
  overload overloaded overnight overridden override overrides overriding oversized overwrite overwriting overwritten own owners ownership package
  packages padding painful pairs panicking parallel param parameter parameters params parse parsed parser parsers parses parseurl parsing partial
  partially particular parties partner partners parts passed passengers passes passing password patches pathname paths patience patients patterns
  paused paying payload payloads payments peak peaks peanuts peer pending per perf perfectly performance performant performed performing permission
  permissions permitted persons phew phones pile piled piles piling pin pipeline piping pissed places plain planes platform platforms plugin plugins
  plumbers plus pointer pointing poisoned policies pollution polyfill polyfills popped ported portion portions positions positive possible possibly
  postgres potential potentially powered practices pray preact precedence precision preference preferred prefix prefixed prefixes prefixing prepended
  presence preserve preserved preserves preserving prevents preview previous previously prices primarily primary printed prints priority privately
  probably probe problems processed processes processing prod produced produces production programming programs progress projects promised promises
  prompt prop properly properties property proposal props protected protocol protocols prototype provided provider providers provides providing
  proxies proxy publish published publishing purely purposes pushed put puzzled quality quarterly queried queries questions queued queues quickest
  quickly quieter quotes racing raining ran ranged ranges raw reached reaches readable reading readme readonly reads reasonable reasons reassignment
  rebase rebasing rebuild received receives receiving recently recognize recommend recommended recompile records recovery recursively red redirect
  redirects redo reduced redundant refactor reference referenced references referencing reformat refresh refuses refusing regarding regardless regex
  register registered registration registry regression regular regulator reindex reject rejected rejection rejects related relative released releases
  relevant relying remaining remains removal removed removes removing renamed render rendered rendering repeated replaced replacement replaces
  replacing repo reported reporting reports repositories repository represent represented representing represents repro reproduce reproducible req
  requested requesting requests required requirement requirements requires requiring res reserved resolution resolved resolves resolving resort
  resource resources respective respectively response responses responsible restore restriction resulting results resume retain retries retrieval
  retro retry retrying returned returning returns reusable reuse reverse revert rewrite rewriting rewritten ridiculous rights rings risen rising
  robots robust roots rotation rotten routes routing rubbish rules run runner running runs runtime runtimes rushed sad safely safest said sales
  sampled sanitize satisfies satisfy saturated saturday saved say scary scenario scenarios scheduled schema schemas scream screaming scripting
  scripts search searched searching sec seconds secrets secs sections security see seed seen segment segments selected selection selector self seller
  sellers semantic semantics sending sends sensitive sent separated separately separator sequence sequences sequentially serialization serialize
  serialized serializer serializing series servers services set sets setting settings setup shaky shapes shaping shared sharing shifts shim shit
  shoots shoppers shorter shorthand shorthands shouldn shown shows shutdown sigh signals signature signatures signed significant significantly
  signing signs silently silly simplify simply sites sits situation situations sizes skip skipped skyrocketing slack slashes sleeping sleepy slept
  slightly slots slower slowly slowness smaller smallest smells smoothly snail snapped snippet snippets soaked soaking socket sockets software solely
  solution solved somebody someone something sometimes somewhere son sorted sounds sources span spare spec specific specifically specification
  specified specifier specifies specify specifying spiked spikes spiking spill spinning spitting sponsor sponsors spooky spotted squad src stack
  stakeholders stale stalled standalone standards stars started starting starts startup starving stat statement statements static statistics stats
  statuses stays stderr stdout stealing steps sticky stops storage stored stores stormy str strangely strategy streaming streams stressed stretched
  strict stricter strictly stringify strings stripped stripping strongly structure structured structures struggling stuck students stuffed stupid sub
  subdirectory sublicense submission submitted submitting subscribe subsequent subset substantial substitution succeed succeeds successful
  successfully suffering sufficient suffix suggestions suitable suite summary sup supplied supported supporting supports suppress suppressed surge
  surrounding suspicious swamped swap swapping sweat symbols symlink sync synchronous synchronously syntax syntaxes systems tab tag tagged tags taken
  takes taking talking tanks tantrum tape tar tarball tarballs targeting targets tasks tbody tea teams technically tells template templates
  temporarily ten terminal terminated terms terrible tested tests texting thanks that the their them themselves therefore these they theyre things
  thirsty this those threshold throttled throttling throughout throughput throwing thrown throws thus tidy tier tilde timeout timeouts timer times
  timestamp timezone timing tired toast toilet token tokens too took tooling toolkit tools top topped touched touches tourists trace traces tracing
  tracked tracker tracking traditional trailing transaction transform transforms translation translations transport traveling travelling traversal
  travis treated treating trees trending triage tried trigger trimming tripping trips trucks truly trusted trusting truthy trying tsconfig turns
  tutorial tweak two typed typeof types typescript typical typically typing typo ugly unable unambiguous unavailable unchanged undefined underlying
  understand understanding undici unexpected unhappy unhealthy unhook unicode unique units universal unknown unless unlikely unlucky unnecessary
  unsafe unstable unsupported untrusted unused unusual updated updates updating uploader upon upstairs upstream urlencoded usable use used useful
  username users uses using usually util utilities utility utilize utilized utils vacation val validate validated validates validating validation
  validations values vans var variable variables variant variety vary vat vendor vendors verification verified verifying versa versioning versions
  very via vice virtually visitor visitors void vulnerability waiting wakes walking wandering wanted wants warmed warnings was wasted wasting way
  ways website wedged weekends weird were wfh what whatever when whenever whereas whether whitespace who whom whose why widely wider wiki wildcard
  wildcards windows with wobbly woke won wonderful wonky words workaround workers workflow workflows working workload works worn worried worse worst
  wow wrap wrapped wrapper wrapping wraps wrecked writable writes writing written wrongly wss xvf yay years yelled yelling yes yet yields you younger
  your yourself zero zlib zombie zombies
  `
    .trim()
    .split(/\s+/),
)
