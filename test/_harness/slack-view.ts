import type { types } from '@slack/bolt'
import type { KnownBlock } from '../../bot/slack/render/kit.ts'
import { chartSvg } from './slack-chart.ts'

/** What the view knows that Slack knows: the names of its users, and the reader's clock (in UTC). */
export interface Reader {
  readonly now: Date
  nameOf(userId: string): string
}

/** Blocks as HTML, much as Slack draws them on a phone. For looking at: it knows the blocks that we send, and throws at any other. */
export function slackHtml(blocks: readonly KnownBlock[], reader: Reader): string {
  return blocks.map((block) => blockHtml(block, reader)).join('\n')
}

export const html = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

function blockHtml(block: KnownBlock, reader: Reader): string {
  switch (block.type) {
    case 'header':
      return `<div class="s-header">${textObject(block.text, reader)}</div>`
    case 'rich_text':
      return `<div class="s-rich">${block.elements.map((part) => partHtml(part, reader)).join('')}</div>`
    case 'context': {
      const parts = block.elements.map((one) =>
        'text' in one ? `<span>${textObject(one, reader)}</span>` : unknown(one.type),
      )
      return `<div class="s-context">${parts.join(' ')}</div>`
    }
    case 'actions':
      return `<div class="s-actions">${block.elements.map(buttonHtml).join('')}</div>`
    case 'data_table':
      return tableHtml(block, reader)
    case 'data_visualization':
      return chartSvg(block)
    case 'plan':
      return planHtml(block)
    case 'divider':
      return '<hr>'
    case 'input': {
      const hint = block.hint ? `<div class="s-hint">${textObject(block.hint, reader)}</div>` : ''
      const optional = block.optional ? ' <span class="s-hint">(optional)</span>' : ''
      return `<div class="s-input"><b>${textObject(block.label, reader)}</b>${optional}${inputHtml(block.element)}${hint}</div>`
    }
    default:
      return unknown(block.type)
  }
}

const TASK_MARKS: Readonly<Record<string, string>> = { pending: '○', in_progress: '◌', complete: '✓', error: '✕' }

/** As opened; until then its title is all that is seen. */
function planHtml({ title, tasks = [] }: types.PlanBlock): string {
  const lines = tasks.map((task) => `<li>${TASK_MARKS[String(task.status)]} ${html(String(task.title))}</li>`)
  return `<div class="s-plan"><b>${html(title)}</b><ul>${lines.join('')}</ul></div>`
}

function unknown(type: string): never {
  throw new Error(`The view does not know "${type}": teach it, or do not send it.`)
}

/** Slack turns the three entities back; a mrkdwn element of ours is one time or one mention. */
function textObject({ type, text }: types.TextObject, reader: Reader): string {
  if (type === 'plain_text') return html(decoded(text))
  const [, user] = /^<@(\w+)>$/.exec(text) ?? []
  if (user) return mention(user, reader)
  const [, at, format] = /^<!date\^(\d+)\^([^|]+)\|.*>$/.exec(text) ?? []
  return at && format ? html(dateWords(Number(at), format, reader.now)) : html(decoded(text))
}

const decoded = (text: string): string => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')

function partHtml(part: types.RichTextBlockElement, reader: Reader): string {
  switch (part.type) {
    case 'rich_text_section':
      return `<div>${elements(part.elements, reader)}</div>`
    case 'rich_text_list':
      return `<ul>${part.elements.map((one) => `<li>${elements(one.elements, reader)}</li>`).join('')}</ul>`
    case 'rich_text_quote':
      return `<blockquote>${elements(part.elements, reader)}</blockquote>`
    case 'rich_text_preformatted':
      return `<pre>${elements(part.elements, reader)}</pre>`
  }
}

const elements = (all: readonly types.RichTextElement[], reader: Reader): string =>
  all.map((one) => elementHtml(one, reader)).join('')

function elementHtml(element: types.RichTextElement, reader: Reader): string {
  if (element.type === 'user') return mention(element.user_id, reader)
  if (element.type === 'date') return html(dateWords(element.timestamp, element.format, reader.now))
  if (element.type !== 'text') return unknown(element.type)
  const { bold, code, italic, strike } = element.style ?? {}
  const tags = [bold && 'b', italic && 'i', strike && 's', code && 'code'].filter((tag) => typeof tag === 'string')
  return tags.reduceRight((inner, tag) => `<${tag}>${inner}</${tag}>`, html(element.text))
}

const mention = (user: string, reader: Reader): string => `<span class="s-mention">@${html(reader.nameOf(user))}</span>`

/** The tokens that we send (https://docs.slack.dev/messaging/formatting-message-text#date-formatting), for a reader in UTC. */
function dateWords(seconds: number, format: string, now: Date): string {
  const at = new Date(seconds * 1000)
  const say = (options: Intl.DateTimeFormatOptions) => at.toLocaleString('en-US', { timeZone: 'UTC', ...options })
  const short = say({ month: 'short', day: 'numeric', year: 'numeric' })
  const days = Math.floor(at.getTime() / 86_400_000) - Math.floor(now.getTime() / 86_400_000)
  const pretty = days === 0 ? 'today' : days === -1 ? 'yesterday' : days === 1 ? 'tomorrow' : short
  const time = say({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  return format.replace('{date_short_pretty}', pretty).replace('{date_short}', short).replace('{time}', time)
}

function buttonHtml(element: types.ActionsBlock['elements'][number]): string {
  if (element.type !== 'button') return unknown(element.type)
  const asks = element.confirm ? ` title="asks first: ${html(decoded(element.confirm.text.text))}"` : ''
  return `<span class="s-button ${element.style ?? ''}"${asks}>${html(decoded(element.text.text))}</span>`
}

function inputHtml(element: types.InputBlock['element']): string {
  const chosen = 'initial_option' in element ? element.initial_option?.text.text : undefined
  const value = 'initial_value' in element && typeof element.initial_value === 'string' ? element.initial_value : chosen
  const hint = 'placeholder' in element ? element.placeholder?.text : undefined
  const arrow = element.type.endsWith('select') ? ' ▾' : ''
  return `<div class="s-field">${html(decoded(value ?? hint ?? ''))}${arrow}&nbsp;</div>`
}

function tableHtml({ rows, page_size = 5 }: types.DataTableBlock, reader: Reader): string {
  const [head = [], ...body] = rows
  const cell = (one: (typeof head)[number]) =>
    one.type === 'rich_text'
      ? one.elements.map((part) => (part.type === 'rich_text_section' ? elements(part.elements, reader) : '')).join('')
      : html(one.text)
  const line = (row: typeof head, tag: string) =>
    `<tr>${row.map((one) => `<${tag}${one.type === 'raw_number' ? ' class="number"' : ''}>${cell(one)}</${tag}>`).join('')}</tr>`
  const shown = body.slice(0, page_size)
  const pages = Math.ceil(body.length / page_size)
  const pager = pages > 1 ? `<div class="s-hint">1–${shown.length} of ${body.length} ›</div>` : ''
  return `<div class="s-table"><table>${line(head, 'th')}${shown.map((row) => line(row, 'td')).join('')}</table>${pager}</div>`
}
