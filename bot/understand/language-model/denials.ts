// Courtesies that look like conditions.
const POLITE =
  /\b(?:if|when(?:ever)?) (?:you (?:can|could|have|get|don't mind)|possible)\b[^,;.]*|\b(?:wenn|falls) (?:möglich|du kannst|ihr könnt|es geht)\b|\bsi (?:puedes|podéis|es posible|possible|tu peux|vous pouvez)\b|\bs'il (?:te|vous) plaît\b|できれば|もしよければ|よろしければ/giu

const DENIED: readonly RegExp[] = [
  // Negations: English, German, Spanish, French, Japanese.
  /\b(?:don'?t|do not|dont|never|must not|mustn'?t|should not|shouldn'?t|no need to|refrain from|avoid|instead of)\b/iu,
  /(?<!\p{L})(?:nicht|niemals|nie|kein|keine|keinen|keinesfalls)(?!\p{L})/iu,
  /(?<!\p{L})no (?:reinici|desplieg|escal|toqu|hag|bloque|revier|vuelv|pongas|subas|bajes|lo |la |hay que)|(?<!\p{L})nunca(?!\p{L})/iu,
  /(?<!\p{L})(?:ne|n') ?\p{L}+.{0,40}?(?<!\p{L})(?:pas|jamais|plus)(?!\p{L})|(?<!\p{L})pas (?:encore|de|maintenant)(?!\p{L})/iu,
  /しないで|するな|しないように|ないでください|やめて|不要/u,
  // Conditions and deliberation.
  /(?<!\p{L})(?:if|unless|suppose|supposing|assuming|imagine|hypothetically|wenn|falls|angenommen|si|à condition)(?!\p{L})|もし|だったら|した場合/iu,
  /\b(?:should|shall|could|would|might) (?:we|i|it|that|this)\b|\bwhat (?:if|would|happens)\b|\b(?:how|why) (?:do|did|does|was|would|can|could|should)\b|\bis it (?:safe|ok|okay|a good idea|wise)\b/iu,
  /(?<!\p{L})(?:soll(?:en|ten)? (?:wir|ich)|was (?:passiert|wäre)|warum|wieso|deber[íi]amos|debo|qué pasa|por qué|devrions|devrait|faut-il|que se passe|pourquoi)(?!\p{L})|べきですか|べきか|どうなる|なぜ/iu,
  // Somebody else's words.
  /\b(?:said|says|told|wrote|asked|suggested|suggests|according to)\b|(?<!\p{L})(?:sagte|meinte|schrieb|laut|dijo|según|a dit|selon)(?!\p{L})|と言っ|によると/iu,
]

/** Whether a text denies, wonders, sets a condition or passes on words, in any of the languages we test. A guard, not a reader: it may be too careful. */
export function soundsDenied(said: string): boolean {
  const plain = said
    .normalize('NFKC')
    .replace(/[\u2018\u2019]/g, "'")
    .replace(POLITE, ' ')
  return DENIED.some((pattern) => pattern.test(plain))
}
