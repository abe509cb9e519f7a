import { useEffect, useState } from 'preact/hooks'
import type { Span, Text } from '../card-types.ts'
import { absolute, clock, day, relative } from '../time.ts'
import { visibleLine, visibleText } from '../visible-text.ts'

/** A Text as spans. Every string becomes a text node: nothing in it can be markup. */
export function TextView({ text }: { text: Text }) {
  if (typeof text === 'string') return <>{visibleText(text)}</>
  return <>{text.map(spanView)}</>
}

function spanView(span: Span, index: number) {
  if (typeof span === 'string') return visibleText(span)
  if ('bold' in span) return <strong key={index}>{visibleText(span.bold)}</strong>
  if ('code' in span) return <code key={index}>{visibleText(span.code)}</code>
  if ('time' in span) return <Time key={index} iso={span.time} show={span.show} />
  return (
    <span key={index} class="person" title={visibleLine(span.person)}>
      {visibleLine(span.name)}
    </span>
  )
}

/** A time in the reader's zone, the whole of it on hover; relative ones keep walking. What is no time is shown as the text it is. */
export function Time({ iso, show, short }: { iso: string; show: 'clock' | 'date' | 'relative'; short?: boolean }) {
  const now = useNow(show === 'relative' ? 10_000 : 60_000)
  const says = show === 'clock' ? clock(iso, now) : show === 'date' ? day(iso, now) : relative(iso, now, short)
  return (
    <time dateTime={visibleLine(iso)} title={visibleLine(absolute(iso))}>
      {visibleLine(says)}
    </time>
  )
}

function useNow(everyMs: number): Date {
  const [now, setNow] = useState(() => new Date())
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}
