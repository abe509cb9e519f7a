import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { renderText } from '../../bot/cli/render-text.ts'
import { renderCard as renderForSlack } from '../../bot/slack/render/card.ts'
import { homeView } from '../../bot/slack/render/home.ts'
import type { KnownBlock, ModalView } from '../../bot/slack/render/kit.ts'
import { askOf, formModal, reasonModal } from '../../bot/slack/render/modals.ts'
import { planBlock, progressOf } from '../../bot/slack/render/progress.ts'
import { renderCard as renderForTeams } from '../../bot/teams/render/card.ts'
import { type Card, plainText } from '../../core/card.ts'
import type { DeliveryId, PersonId } from '../../core/ids.ts'
import { type JsonObject, sha256 } from '../../core/json.ts'
import { findChromium, launch } from '../web/browser.ts'
import { type RealCard, realCards } from './real-cards.ts'
import { html, type Reader, slackHtml } from './slack-view.ts'

/**
 * `npm run docs:cards`: talks with the program, keeps the cards it makes in docs/cards/cards.json, and draws docs/cards/index.html: each as
 * a Slack message, as an Adaptive Card and as text, at a phone's width. With `-- --drawn` it draws those that were kept before.
 */
const KEPT = fileURLToPath(new URL('../../docs/cards/cards.json', import.meta.url))
const PAGE = fileURLToPath(new URL('../../docs/cards/index.html', import.meta.url))
const STYLE = fileURLToPath(new URL('./cards-page.css', import.meta.url))
const RENDERER = fileURLToPath(new URL('../../node_modules/adaptivecards/dist/adaptivecards.min.js', import.meta.url))

/** When the cards were made, which is the reader's clock, and the cards. */
interface Kept {
  readonly at: string
  readonly cards: readonly RealCard[]
}

const Stored = z.object({
  at: z.iso.datetime(),
  cards: z.array(
    z.object({
      name: z.string(),
      said: z.string(),
      // Ids of our own making, and cards as the program's own API gave them.
      deliveryId: z.string().transform((id) => id as DeliveryId),
      card: z.unknown().transform((card) => card as Card),
    }),
  ),
})
export const keptCards = (): Kept => Stored.parse(JSON.parse(readFileSync(KEPT, 'utf8')))
export const pageAsKept = (): string => readFileSync(PAGE, 'utf8')

/** People of the example configuration, as a workspace would know them. */
const NAMES: Readonly<Record<string, string>> = {
  ...{ U0MIRA: 'Mira Vogel', U0JONAS: 'Jonas Lind', U0LENA: 'Lena Ortiz', U0PRIYA: 'Priya Nair', U0SAM: 'Sam Carter' },
}
const mention = (person: PersonId): string => `U0${person.toUpperCase()}`
const readerAt = (now: Date): Reader => ({ now, nameOf: (user) => NAMES[user] ?? user })
const PHONE_COLUMNS = 46

/** Gives the HTML that Microsoft's renderer makes of an Adaptive Card. */
type Draw = (card: JsonObject, id: string) => string

/** The page. */
export function cardsPage(kept: Kept, drawAdaptive: Draw): string {
  const { at, cards } = kept
  const now = new Date(at)
  const rows = cards.map((one) => row(one, now, drawAdaptive))
  const links = cards.map(({ name }, index) => `<a href="#card-${index}">${html(name)}</a>`).join(' · ')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Quarterdeck's cards</title>
<style>
${readFileSync(STYLE, 'utf8')}</style>
</head>
<body>
<h1>Every kind of card, at a phone's width</h1>
<p>Made by <code>npm run docs:cards</code>: the cards are those that the program made in a conversation on its sandbox at ${html(at.slice(0, 16).replace('T', ' '))} UTC,
drawn as a Slack message (by a small view of Block Kit; below a change that runs or ran, its steps as they are streamed to who talks with the app alone), as an Adaptive Card (by Microsoft's renderer) and as text in a terminal of ${PHONE_COLUMNS} columns.</p>
<nav>${links}</nav>
${rows.map((one, index) => `<section id="card-${index}">\n${one}\n</section>`).join('\n')}
<section>
${homeOf(kept)}
</section>
</body>
</html>
`
}

function row({ name, said, deliveryId, card }: RealCard, now: Date, drawAdaptive: Draw) {
  const ctx = { deliveryId, mention, rich: true }
  const reader = readerAt(now)
  const message = renderForSlack(card, ctx)
  const dialogs = [formModal(card, ctx), reasonDialog(card)].flatMap((view) => (view ? dialogHtml(view, reader) : []))
  const progress = progressOf(card)
  const plan = progress ? [`<div class="s-aside">${slackHtml([planBlock(progress)], reader)}</div>`] : []
  const files = message.files.map((file) => `<div class="s-file">📄 ${html(file.name)}</div>`)
  const adaptive = renderForTeams(card, { deliveryId, now }).card
  const numbers = card.actions?.map((_, at) => at + 1)
  const text = renderText(card, {
    width: PHONE_COLUMNS,
    colour: false,
    now,
    timezone: 'utc',
    ...(numbers && { numbers }),
  })
  return `<h2>${html(name)}</h2>
<p class="said">${html(said)}</p>
<div class="three">
<figure><figcaption>Slack</figcaption><div class="phone slack">
${[slackHtml(message.blocks, reader), ...files, ...dialogs, ...plan].join('\n')}
</div></figure>
<figure><figcaption>Teams</figcaption><div class="phone teams">${marked(adaptive, drawAdaptive)}</div></figure>
<figure><figcaption>Terminal</figcaption><pre class="phone terminal">${html(text)}</pre></figure>
</div>`
}

/** The dialog that the most serious of a card's buttons opens. */
function reasonDialog(card: Card) {
  const ask = card.actions?.flatMap((action) => askOf(action) ?? []).at(-1)
  return ask && reasonModal(ask, '{}')
}

function dialogHtml(view: ModalView, reader: Reader): string {
  // Our own dialogs hold no custom blocks.
  const blocks = view.blocks as KnownBlock[]
  const buttons = `<div class="s-actions"><span class="s-button">${html(view.close?.text ?? '')}</span><span class="s-button primary">${html(view.submit?.text ?? '')}</span></div>`
  return `<div class="s-modal"><b>${html(view.title.text)}</b>${slackHtml(blocks, reader)}${buttons}</div>`
}

/** The home page of somebody for whom the plans among the cards wait; the others are what runs and what happened. */
function homeOf({ at, cards }: Kept): string {
  const lineOf = ({ card }: RealCard) => ({
    tone: card.tone,
    title: card.title,
    ...(card.footer === undefined ? {} : { about: card.footer }),
  })
  const of = (kind: Card['kind']) => cards.filter(({ card }) => card.kind === kind)
  const waiting = of('plan').map((one) => ({
    ...{ ...lineOf(one), deliveryId: one.deliveryId },
    actions: (one.card.actions ?? []).filter(({ verb }) => verb === 'approve' || verb === 'reject'),
  }))
  const [running, recent] = [of('progress').map(lineOf), of('result').map(lineOf)]
  const help = cards.find(({ said }) => said === 'help')?.card.blocks ?? []
  const may = help
    .flatMap((block) => (block.type === 'table' ? block.rows : []))
    .map(([say = '', to = '']) => ({ what: plainText(to), example: plainText(say) }))
  const view = homeView({ name: 'Jonas Lind', waiting, running, mine: [], recent, may, at }, mention)
  return `<h2>Slack's App Home</h2>
<p class="said">what waits, runs and happened among the cards above</p>
<div class="phone slack">${slackHtml(view.blocks as KnownBlock[] /* ours are all known */, readerAt(new Date(at)))}</div>`
}

/** Marked by what it was drawn from, so that whether it is up to date can be told without a browser. */
function marked(card: JsonObject, draw: Draw): string {
  const id = sha256(JSON.stringify(card)).slice(0, 16)
  return `<!--${id}-->${draw(card, id)}<!--/${id}-->`
}

/** What an earlier page has for an Adaptive Card; nothing where the card has changed since. */
export function drawnBefore(page: string): Draw {
  return (_, id) => page.split(`<!--${id}-->`)[1]?.split(`<!--/${id}-->`)[0] ?? 'not drawn yet'
}

/** Draws all of them in Chromium. */
async function adaptiveDrawer(cards: readonly JsonObject[]): Promise<Draw> {
  const chromium = findChromium()
  if (!chromium)
    throw new Error('No Chromium was found to draw Adaptive Cards. Install one, or name it in PLAYWRIGHT_CHROMIUM.')
  const browser = await launch(chromium)
  try {
    const page = await browser.newPage({ viewport: { width: 360, height: 800 } })
    await page.setContent('<body></body>')
    await page.addScriptTag({ path: RENDERER })
    const drawn = await page.evaluate(DRAW, JSON.stringify(cards))
    return (card) => drawn[cards.findIndex((one) => JSON.stringify(one) === JSON.stringify(card))] ?? ''
  } finally {
    await browser.close()
  }
}

/** Runs in the browser; the renderer is a global of it. Nothing is made of Markdown, because the cards hold none. */
const DRAW = (json: string): string[] => {
  const { AdaptiveCards } = globalThis as unknown as { AdaptiveCards: typeof import('adaptivecards') } // put there by its script
  const colour = (one: string) => ({ default: one, subtle: one === '#242424' ? '#616161' : one })
  const colours = {
    ...{ default: colour('#242424'), accent: colour('#5b5fc7'), good: colour('#237b4b') },
    ...{ warning: colour('#835c00'), attention: colour('#c4314b'), dark: colour('#000000'), light: colour('#616161') },
  }
  const style = (backgroundColor: string) => ({ backgroundColor, foregroundColors: colours })
  const host = new AdaptiveCards.HostConfig({
    fontFamily: 'Segoe UI, system-ui, sans-serif',
    fontSizes: { small: 12, default: 14, medium: 16, large: 20, extraLarge: 24 },
    spacing: { small: 4, default: 8, medium: 12, large: 16, extraLarge: 24, padding: 12 },
    supportsInteractivity: true,
    containerStyles: {
      ...{ default: style('#ffffff'), emphasis: style('#f5f5f5'), good: style('#e7f2da'), accent: style('#e8ebfa') },
      ...{ warning: style('#fbf6d9'), attention: style('#fcf4f6') },
    },
    actions: {
      maxActions: 6,
      spacing: 'default',
      buttonSpacing: 8,
      actionsOrientation: 'horizontal',
      actionAlignment: 'left',
    },
  })
  return (JSON.parse(json) as object[]).map((one) => {
    const card = new AdaptiveCards.AdaptiveCard()
    card.hostConfig = host
    card.parse(one)
    return card.render()?.outerHTML ?? 'not drawn'
  })
}

async function main(drawOnly: boolean) {
  const kept: Kept = drawOnly ? keptCards() : { at: new Date().toISOString(), cards: await realCards() }
  if (!drawOnly) writeFileSync(KEPT, `${JSON.stringify(kept, null, 1)}\n`)
  const adaptive: JsonObject[] = []
  cardsPage(kept, (card) => {
    adaptive.push(card)
    return ''
  })
  writeFileSync(PAGE, cardsPage(kept, await adaptiveDrawer(adaptive)))
}

if (import.meta.main) await main(process.argv.includes('--drawn'))
