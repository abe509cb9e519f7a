import { useState } from 'preact/hooks'
import type { Block } from '../card-types.ts'
import { visibleLine, visibleText } from '../visible-text.ts'
import { Icon } from './icons.tsx'

type Code = Extract<Block, { type: 'code' }>

/** Machine output, as it came. What was cut off is said, and the whole is one click away when it was kept. */
export function CodeBlock({ text, truncated, file, href }: Code & { href: string }) {
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no')
  const copy = async () => {
    // Without TLS there is no clipboard at all, whatever the types say.
    const ok = await Promise.resolve()
      .then(() => navigator.clipboard.writeText(text))
      .then(
        () => true,
        () => false,
      )
    setCopied(ok ? 'yes' : 'failed')
    setTimeout(() => setCopied('no'), 2_000)
  }
  const label = { no: 'Copy', yes: 'Copied', failed: 'Not allowed' }[copied]
  return (
    <div class="code-block">
      <button type="button" class="code-copy" onClick={copy} aria-live="polite">
        <Icon name={copied === 'yes' ? 'good' : 'copy'} />
        {label}
      </button>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>
        <code>{visibleText(text)}</code>
      </pre>
      {(!!truncated || file) && (
        <p class="small-print">
          {!!truncated && <span>{truncated.toLocaleString()} more lines or characters are not shown. </span>}
          {file && (
            <a href={href} download={visibleLine(file.name)}>
              <Icon name="file" />
              {visibleLine(file.name)}
            </a>
          )}
        </p>
      )}
    </div>
  )
}
