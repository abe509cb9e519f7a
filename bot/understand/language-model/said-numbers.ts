import { durationMs } from '../../../core/parameters.ts'

/** Numbers people write in words, in the languages that the test speaks; articles count as one ("an hour", "eine Stunde"). */
const WORDS: Readonly<Record<string, number>> = Object.fromEntries(
  [
    '0 zero none null cero zéro ゼロ 零',
    '0.5 half halve halb halbe halben halbiere halbieren media medio mitad demi demie moitié divise 半 半分',
    '0.25 quarter quarters viertel viertelstunde viertelstunden quart quarts cuarto cuartos',
    '1.5 anderthalb anderthalben eineinhalb',
    '1 a an one another single ein eine einen einem einer eins un una uno une 一 ひとつ 一つ',
    '2 two couple twice double doubled doubling zwei doppelt verdoppeln verdopple verdoppel dos doble dobla doblad duplicad duplica duplicar deux double doubler doublez 二 ふたつ 二つ 倍 倍増 2倍',
    '3 three triple treble drei verdreifache verdreifachen tres triplica triplicar trois tripler triplez 三 三つ',
    '4 four quadruple vier cuatro quatre 四 四つ',
    '5 five fünf cinco cinq 五 五つ',
    '6 six sechs seis 六 六つ',
    '7 seven sieben siete sept 七',
    '8 eight acht ocho huit 八',
    '9 nine neun nueve neuf 九',
    '10 ten zehn diez dix 十',
    '11 eleven elf once onze',
    '12 twelve dozen zwölf dutzend doce docena douze douzaine 十二',
    '13 thirteen dreizehn trece treize',
    '14 fourteen vierzehn catorce quatorze',
    '15 fifteen fünfzehn quince quinze',
    '16 sixteen sechzehn dieciséis seize',
    '20 twenty zwanzig veinte vingt 二十',
    '24 two-dozen',
    '30 thirty dreißig dreissig treinta trente 三十',
    '40 forty vierzig cuarenta quarante',
    '45 forty-five fünfundvierzig',
    '50 fifty fünfzig cincuenta cinquante',
    '60 sixty sechzig sesenta soixante',
    '90 ninety neunzig noventa quatre-vingt-dix',
    '100 hundred hundert cien ciento cent 百',
    '1000 thousand tausend mil mille 千',
  ].flatMap((line) => {
    const [value, ...words] = line.split(' ')
    return words.map((word) => [word, Number(value)])
  }),
)

const ONE_UNIT =
  /(?<!\p{L})(?:last|past|next|letzten?|nächsten?|vergangenen?|últim[ao]|próxim[ao]|dernière|dernier|prochaine?|per|pro|por|par) (?:minute|hour|day|week|stunde|tag|woche|hora|día|semana|heure|jour|semaine)(?!\p{L})/u
const UNITS_MS = [1_000, 60_000, 3_600_000, 86_400_000, 604_800_000]
const TIMES = { k: 1_000, m: 1_000_000, mio: 1_000_000, million: 1_000_000 }

/** Every number that a text says, in digits or in words, read in each way that a careful reader might. */
export function numbersIn(text: string): ReadonlySet<number> {
  const found = new Set<number>()
  const lower = text
    .normalize('NFKC')
    .toLowerCase()
    // `3 500` is one number in many countries.
    .replace(
      /(?<!\d)(\d{1,3})((?: \d{3})+)(?!\d)/g,
      (whole, first, rest) => `${whole} ${first}${rest.replaceAll(' ', '')}`,
    )
  // "the last hour" is one hour.
  if (ONE_UNIT.test(lower)) found.add(1)
  for (const [, digits = '', scale] of lower.matchAll(/(\d[\d.,']*\d|\d)\s?(k|mio|million|m)?(?!\p{L})|\d/gu)) {
    for (const value of readingsOf(digits)) {
      found.add(value)
      if (scale) found.add(value * TIMES[scale as keyof typeof TIMES]) // the pattern knows no other
    }
  }
  // Digits right in front of letters: `3pods`, `2倍`, `v2`.
  for (const [digits] of lower.matchAll(/\d+(?:[.,]\d+)?/g)) for (const value of readingsOf(digits)) found.add(value)
  for (const [word] of lower.matchAll(/[\p{L}-]+/gu)) addWord(word, found)
  // Scripts without blanks, and German verbs: the word stands inside another.
  for (const [word, value] of Object.entries(WORDS)) if (isJoined(word) && lower.includes(word)) found.add(value)
  if (found.has(0.5) && found.has(12)) found.add(6)
  return found
}

function addWord(word: string, found: Set<number>): void {
  const parts = [word, ...word.split('-')]
  for (const part of parts) {
    const value = WORDS[part]
    if (value !== undefined) found.add(value)
  }
}

const isJoined = (word: string): boolean => /[\u3040-\u30ff\u4e00-\u9fff]/.test(word) || word.length >= 7

/** `1.500` is fifteen hundred to some and one and a half to others; both are kept. */
function readingsOf(digits: string): readonly number[] {
  const plain = Number(digits.replace(/[.,']/g, ''))
  const parted = /^(.*)[.,](\d+)$/.exec(digits)
  const whole = parted?.[1]?.replace(/[.,']/g, '')
  return parted ? [plain, Number(`${whole}.${parted[2]}`)] : [plain]
}

/** Whether a duration like `1h30m` was said: part by part, or as so many of another unit ("90 minutes"). */
export function saysDuration(numbers: ReadonlySet<number>, duration: string): boolean {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)[smhdw]/g)].map(([, amount]) => Number(amount))
  if (parts.length > 0 && parts.every((part) => numbers.has(part))) return true
  const ms = durationMs(duration)
  if (ms === undefined) return false
  if (UNITS_MS.some((unit) => numbers.has(ms / unit))) return true
  // "three quarters of an hour".
  const quarters = numbers.has(0.25) && UNITS_MS.some((unit) => numbers.has(ms / (unit / 4)))
  return quarters || saysSum(numbers, ms)
}

// "an hour and a half", "one and a half days".
const saysSum = (numbers: ReadonlySet<number>, ms: number): boolean =>
  numbers.has(0.5) && UNITS_MS.some((unit) => numbers.has(ms / unit - 0.5))

/** Whether a count like `6`, `"+3"` or `"x2"` was said. */
export function saysCount(numbers: ReadonlySet<number>, value: string | number): boolean {
  const amount = Number(String(value).replace(/^[+x-]/, ''))
  if (numbers.has(amount)) return true
  // "a third as many", "by 50 %".
  return String(value).startsWith('x') && (numbers.has(amount * 100) || numbers.has(Math.round(1 / amount)))
}
