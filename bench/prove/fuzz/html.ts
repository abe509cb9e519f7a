import { hiddenIn } from './hostile.ts'

const TAG = /<(\/?)([a-z][a-z0-9-]*)((?:\s+[a-zA-Z:-]+(?:="[^"<]*")?)*)\s*(\/?)>/g
const ATTRIBUTE = /([a-zA-Z:-]+)(?:="([^"]*)")?/g

/** The elements of some HTML in order, without their texts. */
export function skeletonOf(html: string): string {
  return [...html.matchAll(TAG)].map(([, closing, name]) => `${closing}${name}`).join(' ')
}

/** What no card on the page may hold: hidden characters, script, foreign addresses, markup that is none of its elements. */
export function faultsInHtml(html: string): string[] {
  const faults: string[] = []
  for (const [, closing, name = '', attributes = ''] of html.matchAll(TAG)) {
    if (closing) continue
    if (!ELEMENTS.has(name)) faults.push(`page: an element <${name}> came out`)
    for (const [, attribute = '', value = ''] of attributes.matchAll(ATTRIBUTE)) {
      const said = decoded(value)
      if (/^on/i.test(attribute)) faults.push(`page: a handler ${attribute} came out`)
      if (/^(?:href|src|action|formaction)$/i.test(attribute) && !said.startsWith('/api/files/'))
        faults.push(`page: a link leads elsewhere`)
      const shown = SHOWN.has(attribute) || (attribute === 'value' && name === 'input')
      const hidden = shown ? hiddenIn(said) : undefined
      if (hidden) faults.push(`page: ${hidden} came out in <${name} ${attribute}>`)
    }
  }
  const texts = decoded(html.replace(TAG, '\n'))
  const hidden = hiddenIn(texts)
  if (hidden) faults.push(`page: ${hidden} came out`)
  if (/</.test(html.replace(TAG, ''))) faults.push('page: a "<" is not escaped')
  return faults
}

/** Attributes that people see or hear. An option's value is what is sent, not what is seen. */
const SHOWN = new Set(['title', 'aria-label', 'placeholder', 'download', 'alt', 'datetime', 'dateTime', 'label'])

const ELEMENTS = new Set(
  'a article blockquote button circle code dd del details dialog div dl dt figcaption figure footer form g h2 h3 header input ins label li ol option p path pre progress rect section select small span strong summary svg table tbody td textarea th thead time tr ul'.split(
    ' ',
  ),
)

const ENTITIES: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' }
const decoded = (text: string) => text.replace(/&(?:lt|gt|quot|#39|amp);/g, (entity) => ENTITIES[entity] ?? entity)
