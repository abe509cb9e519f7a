/**
 * Everyday words that lie a slip or two away from what services are called. One of them is a name when it is one exactly; it is never
 * bent into another.
 */
export const COMMON_WORDS: ReadonlySet<string> = new Set(
  `
  earlier newer older
  able about above accept access account across action active activity actual address advance advice after afternoon again against agree
  alarm alert alerting alive allow almost alone along already although always amount analysis anger angle animal announce annual answer
  appear apply approach approve april argue around arrive article assign assume attack attempt attend august author autumn average avoid
  awake award aware backup badge balance banner barely basic basis battle beach bear beat because become before begin behavior behind
  being believe below benefit beside best better between beyond bigger bill birth blame blank blind block board boost border boring
  bottle bottom bounce branch brand break breakfast bridge brief bright bring broad broken brother browser brush budget build building
  bundle burden burst button cable call calm camera campaign cancel candle capital capture card care careful carry cart case catch cause
  center central chain chair challenge chance change channel chapter charge chart chat cheap check cheese chief child choice choose city
  claim class clean clear click client climb clock close cloud coach code coffee cold collect color comment commit common company
  compare compete complain complete concern condition confirm connect consider contact contain content context continue contract
  control corner correct cost could count counter country couple courage course court cover crash create credit crisis critical cross
  crowd current curve customer cut cycle daily damage dance danger data date deal dear death debate debug decade decide decision deep
  default defeat defend degree delay delete deliver demand deny depend deploy deployed deploying deployment depth derive describe desert
  design desk detail detect develop device dialog difference different difficult digital dinner direct disk display distance doctor
  document dollar domain double doubt down draft drain drama draw dream dress drift drink drive drop during duty early earn earth easily
  east easy edge edit effect effort eight either elect email empty enable end enemy energy engine enjoy enough ensure enter entire entry
  equal error escape essay estimate evening event ever every exact examine example except exchange excite excuse exist exit expand
  expect expensive expert explain explore export extend external extra face fact factor fail failed failing fair faith fall false family
  famous farm fast fault favor fear feature feed feel fellow fence fetch field fight figure file fill film filter final finally finance
  find fine finger finish fire firm first fish five flag flat fleet flight floor flow flower focus follow food foot force foreign forget
  form formal forward found four frame free freeze frequent fresh friday friend front fruit full function fund future gain game garden
  gate gather general gentle give glad glass global goal gold good grab grade grand grant graph great green ground group grow growth
  guard guess guest guide guilty habit half halt hand handle hang happen happy hard hardly harm hate have head health hear heart heat
  heavy height hello help here hidden high hill hint history hold hole holiday home honest honor hope horse host hotel hour house huge
  human hundred hurry hurt idea ideal image images impact import improve incident include income increase indeed index inform input
  inside instead intend interest into invite issue item join joke judge july jump june just keep kick kind king kitchen know label labor
  lack land language large last late later latest laugh launch law layer lazy lead leader learn least leave left legal length less lesson
  letter level library life light like likely limit line link lion list listen little live load loan local lock logic long look loose
  lose lost loud love lower luck lunch machine magic mail main major make manage manager many march mark market master match matter
  maybe meal mean measure media medium meet meeting member memory mention menu merge message metal meter method middle might mile miles
  milk mind mine minor minute miss mistake mix mode model modern moment monday money monitor month mood moon moral more morning most
  mother motion mount mouse mouth move movie much muscle music must name narrow nation nature near nearly neck need network never news
  next nice night nine nobody noise none noon normal north note nothing notice number object observe obtain obvious occur ocean offer
  office often only onto open operate opinion option orange order orders organ origin other ought ours output outside oven over owner
  pace pack page pages paid pain paint pair panel panic paper parent park part party pass past patch path patient pattern pause peace
  people perfect perform perhaps period permit person phase phone photo phrase pick picture piece pilot pipe pizza place plan plane
  plant plate play please plenty pocket poem point points police policy poor popular port position post power practice prefer prepare
  present press pretty prevent price pride prime print printer prior prison private prize problem process produce product profile profit
  program project promise promote proof proper protect proud prove provide public pull pump pure purple purpose push queen query quest
  question queue quick quiet quit quite race radio rail rain raise random range rapid rare rate rather reach react read ready real
  really reason recall receive recent recipe record recover reduce refer reflect refuse regard region relate relax release rely remain
  remark remember remind remote remove rent repair repeat replace reply report request require rescue reserve reset resist resolve
  respect respond rest restart result retire return reveal review reward rich ride right ring rise risk river road rock role roll roof
  room root rough round route routine royal rule rush safe safety salad salary sale salt same sample sand save scale scan scene school
  science scope score screen script season seat seats second secret section secure seek seem select sell send senior sense sentence
  separate serious serve server service session settle seven several severe shade shadow shake shall shame shape share sharp sheet shelf
  shell shift shine ship shirt shock shoot shop short should shout show shower sick side sight sign signal silence silent silver similar
  simple since sing single sister site size skill skin sleep slice slide slight slow small smart smell smile smoke smooth snow social
  soft soil solid solve some song soon sorry sort soul sound source south space speak special speech speed spend split sport spot spread
  spring square stable staff stage stair stand standard star start state station status stay steady steal step stick still stock stop
  store storm story strange stream street stress stretch strike string strong student study stuff style subject submit success such
  sudden suffer sugar suggest suit summer sunday supply support suppose sure surface surprise survey sweet swim switch symbol system
  table tail take tale talent talk tank target task taste teach team tear tell temper tend term test testing text thank than theme then
  theory there thick thing think third though thought thread threat three through throw thunder thursday ticket tickets tight time tiny
  title today together tomorrow tone tonight tool topic total touch tough toward tower town track trade traffic train transfer travel
  treat tree trend trial trick trip trouble truck true trust truth try tuesday turn twice type under unit until update upgrade upper
  upset urgent usage user usual valid value various vast verify version video view village visit voice volume vote wait walk wall want
  warm warn warning wash waste watch water wave weak wealth wear weather web wedding wednesday week weekend weekly weight welcome well
  west wheel where which while white whole wide wife wild will wind window wine wing winner winter wire wise wish within without woman
  wonder wood word work worker world worry worth would write writer wrong yard year yellow yesterday yield young youth zone
  `
    .trim()
    .split(/\s+/),
)
