import type { Block, ChangeLine, StepLine } from '../card-types.ts'
import { visibleLine, visibleText } from '../visible-text.ts'
import { ChartBlock } from './chart-block.tsx'
import { CodeBlock } from './code-block.tsx'
import { Icon, STEP_ICONS } from './icons.tsx'
import { TableBlock } from './table-block.tsx'
import { TextView } from './text.tsx'

/** One block of a card; `form` is drawn with the buttons, because they send it. */
export function BlockView({ block, deliveryId, index }: { block: Block; deliveryId: string; index: number }) {
  switch (block.type) {
    case 'text':
      return (
        <p class="block-text" dir="auto">
          <TextView text={block.text} />
        </p>
      )
    case 'facts':
      return (
        <dl class="facts">
          {block.facts.map(({ label, value }, at) => (
            <div key={at}>
              <dt>{visibleLine(label)}</dt>
              <dd dir="auto">
                <TextView text={value} />
              </dd>
            </div>
          ))}
        </dl>
      )
    case 'changes':
      return <Changes changes={block.changes} />
    case 'table':
      return <TableBlock {...block} />
    case 'chart':
      return <ChartBlock {...block} />
    case 'steps':
      return <Steps steps={block.steps} />
    case 'code':
      return <CodeBlock {...block} href={`/api/files/${deliveryId}/${index}`} />
    case 'quote':
      return (
        <figure class="quote">
          <figcaption>From {visibleLine(block.source)}, word for word</figcaption>
          <blockquote dir="auto">{visibleText(block.text)}</blockquote>
        </figure>
      )
    case 'note':
      return (
        <div class={`note ${block.tone}`} role={block.tone === 'bad' || block.tone === 'warn' ? 'note' : undefined}>
          <Icon name={block.tone === 'info' ? 'neutral' : block.tone} />
          <div dir="auto">
            <TextView text={block.text} />
          </div>
        </div>
      )
    case 'progress':
      return <Progress fraction={block.fraction} text={block.text} />
    case 'form':
      return null
  }
}

function Changes({ changes }: { changes: readonly ChangeLine[] }) {
  return (
    <ul class="changes">
      {changes.map(({ target, field, from, to }, at) => (
        <li key={at}>
          <span class="change-what">
            {visibleLine(target)} <span class="change-field">{visibleLine(field)}</span>
          </span>
          <span class="change-values">
            <del>
              <Value text={from} />
            </del>
            <Icon name="arrow" />
            <span class="sr-only">becomes</span>
            <ins>
              <Value text={to} />
            </ins>
          </span>
        </li>
      ))}
    </ul>
  )
}

/** A digest's 64 digits hide what differs: the first twelve stand for it, the whole is there on hover. */
function Value({ text }: { text: string }) {
  const whole = visibleLine(text)
  const short = whole.replace(/\b(sha256:[0-9a-f]{12})[0-9a-f]{52}\b/g, '$1…')
  return <span title={short === whole ? undefined : whole}>{short}</span>
}

const STEP_WORDS: Record<StepLine['state'], string> = {
  todo: 'to do',
  doing: 'under way',
  done: 'done',
  skipped: 'skipped',
  failed: 'failed',
  unknown: 'unknown how it ended',
}

function Steps({ steps }: { steps: readonly StepLine[] }) {
  return (
    <ol class="steps">
      {steps.map(({ name, state, detail }, at) => (
        <li key={at} class={`step ${state}`}>
          <Icon name={STEP_ICONS[state]} class={state === 'doing' ? 'turning' : ''} />
          <div>
            <span class="step-name">{visibleLine(name)}</span>
            <span class={state === 'unknown' || state === 'skipped' ? 'step-state' : 'sr-only'}>
              {STEP_WORDS[state]}
            </span>
            {detail !== undefined && (
              <div class="step-detail" dir="auto">
                <TextView text={detail} />
              </div>
            )}
          </div>
        </li>
      ))}
    </ol>
  )
}

function Progress({ fraction, text }: { fraction: number | undefined; text: string }) {
  const known = typeof fraction === 'number' && Number.isFinite(fraction)
  const percent = known ? Math.round(Math.min(1, Math.max(0, fraction)) * 100) : undefined
  return (
    <div class="progress">
      <div class="progress-words">
        <span dir="auto">{visibleText(text)}</span>
        {percent !== undefined && <span class="progress-percent">{percent} %</span>}
      </div>
      {percent === undefined ? (
        <div class="bar unknown" role="progressbar" aria-label={visibleLine(text)} />
      ) : (
        <progress max={100} value={percent} aria-label={visibleLine(text)} />
      )}
    </div>
  )
}
