import type { Word } from '../words.ts'
import type { Found } from './found.ts'
import { numberAt } from './numbers.ts'

/** Signs and words for money; ISO 4217 codes stand for themselves. */
const CURRENCIES: ReadonlyMap<string, string> = new Map([
  ['$', 'USD'],
  ['us$', 'USD'],
  ['usd$', 'USD'],
  ['dollar', 'USD'],
  ['dollars', 'USD'],
  ['buck', 'USD'],
  ['bucks', 'USD'],
  ['€', 'EUR'],
  ['euro', 'EUR'],
  ['euros', 'EUR'],
  ['£', 'GBP'],
  ['pound', 'GBP'],
  ['pounds', 'GBP'],
  ['quid', 'GBP'],
  ['sterling', 'GBP'],
  ['¥', 'JPY'],
  ['yen', 'JPY'],
  ['₹', 'INR'],
  ['rupee', 'INR'],
  ['rupees', 'INR'],
  ['franc', 'CHF'],
  ['francs', 'CHF'],
])
const CODES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))
// In small letters most codes are words (`all`, `try`, `top`): only these are money then.
const SMALL_CODES = /^(?:usd|eur|gbp|chf|jpy|cad|aud|nzd|sek|nok|dkk|pln|czk|inr|sgd|hkd|brl|mxn|zar)$/
const AMOUNT = /^([\d.,']{1,20})(k|m|mio|bn)?$/i
const SIGN = '[$€£¥₹]|us\\$|[a-z]{3}'
const LEADING = new RegExp(`^(${SIGN})(\\d[\\d.,']{0,19}(?:k|m)?)$`, 'i')
const TRAILING = new RegExp(`^(\\d[\\d.,']{0,19}(?:k|m)?)(${SIGN})$`, 'i')
const SCALES: Readonly<Record<string, number>> = { k: 1000, m: 1_000_000, mio: 1_000_000, bn: 1_000_000_000 }

/** Money with its currency at `words[from]` as `2500 EUR`: `$3k`, `2.500 €`, `EUR 2,500`, `five thousand euros`, `1.2 million USD`. */
export function moneyAt(words: readonly Word[], from: number): Found<string> | undefined {
  const word = words[from]?.text ?? ''
  const leading = LEADING.exec(word)
  const trailing = TRAILING.exec(word)
  const glued = leading ? currencyOf(leading[1]) : currencyOf(trailing?.[2])
  if (glued) {
    const scaled = leading ? amountAt(words, from, leading[2]) : undefined
    const amount = scaled ?? { value: amountOf((leading ? leading[2] : trailing?.[1]) ?? ''), length: 1 }
    return said(amount.value, glued, amount.length)
  }
  const first = currencyOf(word)
  if (first) {
    const amount = amountAt(words, from + 1)
    return amount && said(amount.value, first, amount.length + 1)
  }
  const amount = amountAt(words, from)
  if (!amount || words[from + amount.length - 1]?.after) return undefined
  const at = from + amount.length
  const us = words[at]?.lower === 'us' && /^dollars?$/.test(words[at + 1]?.lower ?? '')
  const currency = us ? 'USD' : currencyOf(words[at]?.text)
  return currency ? said(amount.value, currency, amount.length + (us ? 2 : 1)) : undefined
}

/** An amount that names no currency: `3k`, `5,000`. */
export function bareMoneyOf(text: string): string | undefined {
  const amount = amountOf(text)
  return amount === undefined ? undefined : said(amount, undefined, 1)?.value
}

function said(amount: number | undefined, currency: string | undefined, length: number): Found<string> | undefined {
  if (amount === undefined || amount > 1e12 || amount < 0) return undefined
  const digits = String(Math.round(amount * 100) / 100)
  return { value: currency ? `${digits} ${currency}` : digits, length }
}

function currencyOf(text: string | undefined): string | undefined {
  if (!text) return undefined
  const lower = text.toLowerCase()
  const known = CURRENCIES.get(lower)
  if (known) return known
  const upper = text.toUpperCase()
  return CODES.has(upper) && (text === upper || SMALL_CODES.test(lower)) ? upper : undefined
}

function amountAt(words: readonly Word[], from: number, first = words[from]?.text ?? ''): Found<number> | undefined {
  const amount = amountOf(first)
  const scale = /^(?:k|thousand|grand)$/.test(words[from + 1]?.lower ?? '')
    ? 1000
    : /^(?:m|mio|million|millions)$/.test(words[from + 1]?.lower ?? '')
      ? 1_000_000
      : undefined
  if (amount !== undefined && scale) return { value: amount * scale, length: 2 }
  if (amount !== undefined) {
    // `3 000 EUR`: blanks between thousands, at most three groups.
    let text = first
    let length = 1
    while (length < 4 && /^\d{1,3}(?:\d{3})*$/.test(text) && /^\d{3}$/.test(words[from + length]?.text ?? ''))
      text += words[from + length++]?.text ?? ''
    return { value: amountOf(text) ?? amount, length }
  }
  return numberAt(
    words.slice(from, from + 8).map((word) => word.lower),
    0,
  )
}

/** `3,000.50`, `2.500,50`, `2'500`, `3k`: three digits behind a point are thousands, since money has cents at most. */
function amountOf(text: string): number | undefined {
  const match = AMOUNT.exec(text)
  if (!match?.[1] || !/^\d/.test(match[1])) return undefined
  const scale = match[2] ? (SCALES[match[2].toLowerCase()] ?? 1) : 1
  const digits = match[1].replace(/[.,']+$/, '')
  const decimals = /[.,](\d{1,2})$/.exec(digits)
  const body = decimals ? digits.slice(0, decimals.index) : digits
  // With a scale behind it a point is a point: `1.125k`.
  if (scale > 1 && /^\d+\.\d+$/.test(digits)) return Number(digits) * scale
  if (!/^\d+$/.test(body) && !/^\d{1,3}(?:[.,']\d{3})+$/.test(body)) return undefined
  return Number(`${body.replace(/[.,']/g, '')}${decimals ? `.${decimals[1]}` : ''}`) * scale
}
