import type { Card, StepLine } from '../card-types.ts'

const DRAWINGS = {
  neutral: (
    <>
      <circle cx="8" cy="8" r="6.25" />
      <circle class="fill" cx="8" cy="8" r="1.6" />
    </>
  ),
  good: (
    <>
      <circle cx="8" cy="8" r="6.25" />
      <path d="m5.4 8.2 1.8 1.8 3.5-3.8" />
    </>
  ),
  warn: (
    <>
      <path d="M8 2.2 14.3 13.2H1.7Z" stroke-linejoin="round" />
      <path d="M8 6.4v3M8 11.4v.1" />
    </>
  ),
  bad: (
    <>
      <circle cx="8" cy="8" r="6.25" />
      <path d="m5.8 5.8 4.4 4.4M10.2 5.8l-4.4 4.4" />
    </>
  ),
  busy: (
    <>
      <circle class="faint" cx="8" cy="8" r="6.25" />
      <path d="M8 1.75A6.25 6.25 0 0 1 14.25 8" />
    </>
  ),
  question: (
    <>
      <circle cx="8" cy="8" r="6.25" />
      <path d="M6.2 6.4a1.8 1.8 0 1 1 2.6 1.6c-.5.3-.8.6-.8 1.2M8 11.3v.1" />
    </>
  ),
  todo: <circle cx="8" cy="8" r="5.25" stroke-dasharray="2 2.1" />,
  skipped: <path d="M4 8h8" />,
  lock: (
    <>
      <rect x="3.5" y="7" width="9" height="6.5" rx="1.5" />
      <path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2" />
    </>
  ),
  plus: <path d="M8 3v10M3 8h10" />,
  menu: <path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11" />,
  send: <path d="M8 13V3.5M4 7l4-4 4 4" stroke-linejoin="round" />,
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
      <path d="M10.5 5.5V4A1.5 1.5 0 0 0 9 2.5H4A1.5 1.5 0 0 0 2.5 4v5A1.5 1.5 0 0 0 4 10.5h1.5" />
    </>
  ),
  file: (
    <>
      <path d="M8 2.5v8M4.8 7.4 8 10.6l3.2-3.2M3 13.5h10" stroke-linejoin="round" />
    </>
  ),
  down: <path d="m4 6 4 4 4-4" stroke-linejoin="round" />,
  arrow: <path d="M3 8h9.5M9 4.5 12.5 8 9 11.5" stroke-linejoin="round" />,
  close: <path d="m4 4 8 8M12 4l-8 8" />,
} as const

export type IconName = keyof typeof DRAWINGS

/** A line drawing; meaning is always said in words beside it, so it is hidden from readers of the page. */
export function Icon({ name, class: className = '' }: { name: IconName; class?: string }) {
  return (
    <svg class={`icon ${className}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {DRAWINGS[name]}
    </svg>
  )
}

export function cardIcon({ tone, kind }: Card): IconName {
  return kind === 'question' || kind === 'form' ? 'question' : tone
}

export const STEP_ICONS = {
  todo: 'todo',
  doing: 'busy',
  done: 'good',
  skipped: 'skipped',
  failed: 'bad',
  unknown: 'question',
} as const satisfies Record<StepLine['state'], IconName>
