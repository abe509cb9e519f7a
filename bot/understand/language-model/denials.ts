// Courtesies that look like conditions.
const POLITE =
  /\b(?:if|when(?:ever)?) (?:you (?:can|could|have|get|don't mind)|possible)\b[^,;.]*|\b(?:wenn|falls) (?:möglich|du kannst|ihr könnt|es geht)\b|\bsi (?:puedes|podéis|es posible|possible|tu peux|vous pouvez)\b|\bs'il (?:te|vous) plaît\b|できれば|もしよければ|よろしければ/giu
const QUOTED = /"[^"\n]*"|(?<!\p{L})'[^'\n]*'(?!\p{L})|“[^”\n]*”|„[^“”\n]*[“”]|«[^»\n]*»|「[^」\n]*」/gu
/** Where a clause ends, and where the reason for another one begins. */
const PAUSE =
  /[,;:!?\n。、]+|\.(?=\s|$)|\s[-–—]\s|(?<!\p{L})(?:because|since|as it|weil|denn|da es|porque|ya que|car|parce qu[e']|puisqu[e'])(?!\p{L})|ので|から/iu
const GREETING =
  /(?<!\p{L})(?:hey|hi|hello|hallo|moin|servus|hola|buenas|salut|bonjour|please|pls|bitte|por favor|danke|thanks|gracias|merci|ok|okay|team|all|alle|bot|quarterdeck)(?!\p{L})|<@[^>]*>|@\S+|お願いします|すみません/giu

const NEGATED: readonly RegExp[] = [
  /\b(?:don'?t|do not|never|must not|mustn'?t|should not|shouldn'?t|no need to|refrain from|avoid)\b(?!\s(?:care|mind|worry|know))/iu,
  /(?<!\p{L})(?:nicht|niemals|nie|kein|keine|keinen|keinesfalls)(?!\p{L})/iu,
  /(?<!\p{L})no (?:reinici|desplieg|escal|toqu|hag|bloque|revier|vuelv|pongas|subas|bajes|lo |la |hay que)|(?<!\p{L})nunca(?!\p{L})/iu,
  /(?<!\p{L})(?:ne |n')\p{L}+.{0,40}?(?<!\p{L})(?:pas|jamais|plus)(?!\p{L})|(?<!\p{L})pas (?:encore|de|maintenant)(?!\p{L})/iu,
  /しないで|するな|しないように|ないでください|やめて|不要/u,
]
/** Conditions, deliberation and somebody else's words: they reach over the whole sentence. */
const OTHERWISE: readonly RegExp[] = [
  /(?<!\p{L})(?:if|unless|suppose|supposing|assuming|imagine|hypothetically|wenn|falls|angenommen|si|à condition)(?!\p{L})|もし|だったら|した場合/iu,
  /\b(?:should|shall) (?:we|i|it|that|this)\b|\bwhat (?:if|would|happens)\b|\b(?:how|why) (?:do|did|does|was|would|can|could|should)\b|\bis it (?:safe|ok|okay|a good idea|wise)\b/iu,
  /(?<!\p{L})(?:soll(?:en|ten)? (?:wir|ich)|was (?:passiert|wäre)|warum|wieso|deber[íi]amos|debo|qué pasa|por qué|devrions|devrait|faut-il|que se passe|pourquoi)(?!\p{L})|べきですか|べきか|どうなる|なぜ/iu,
  /\b(?:said|says|told|wrote|asked|suggested|suggests|according to)\b|(?<!\p{L})(?:sagte|meinte|schrieb|laut|dijo|según|a dit|selon)(?!\p{L})|と言っ|によると/iu,
]
/** A negation this short takes back what stands before it: "no, don't". */
const SHORT_WORDS = 3

/**
 * Whether a text denies, wonders, sets a condition or passes on words, in any of the languages we test. A guard, not a reader: a
 * negation counts where nothing else in the text could be the request.
 */
export function soundsDenied(said: string): boolean {
  const plain = said
    .normalize('NFKC')
    .replace(/[\u2018\u2019]/g, "'")
    .replace(POLITE, ' ')
    .replace(QUOTED, ' ')
  if (OTHERWISE.some((pattern) => pattern.test(plain))) return true
  const clauses = plain.split(PAUSE).filter((clause) => /\p{L}/u.test(clause.replace(GREETING, ' ')))
  const negated = clauses.filter((clause) => NEGATED.some((pattern) => pattern.test(clause)))
  if (negated.length === 0) return false
  return negated.length === clauses.length || negated.some((clause) => clause.trim().split(/\s+/).length <= SHORT_WORDS)
}
