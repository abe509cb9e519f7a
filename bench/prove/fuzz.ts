import { fuzzCards } from './fuzz/cards.ts'
import { fuzzHttp } from './fuzz/http.ts'
import { prover } from './prover.ts'

/** Strings through the renderers, for each body that a route gets. */
const STRINGS_SHARE = 0.1
const IN_RENDERERS = /^(?:web|bot\/(?:cli|slack|teams))\//

const self = prover({
  name: 'fuzz',
  proves: 'no body breaks a route of the HTTP server, and no text breaks a card on any surface',
  backends: ['pglite'],
  runs: { long: 50_000, short: 60 },
  sabotages: [
    {
      name: 'body-cap-off',
      breaks: 'over the cap is 413',
      file: 'http/server.ts',
      find: 'express.json({ limit: BODY_LIMIT_BYTES, strict: false })',
      replace: "express.json({ limit: '1gb', strict: false })",
      runs: 4,
    },
    {
      name: 'errors-with-stack',
      breaks: 'no stack in an answer',
      file: 'http/error-translation.ts',
      find: 'else if (error instanceof SyntaxError)',
      replace:
        'else if (error instanceof SyntaxError) response.status(400).json({ error: error.stack })\n  else if (!error)',
      runs: 20,
    },
    {
      name: 'bad-bodies-are-bugs',
      breaks: 'no 5xx',
      file: 'http/error-translation.ts',
      find: 'if (status === undefined || status < 400 || status > 499) return false',
      replace: 'if (status !== 413) return false',
      runs: 20,
    },
    {
      name: 'page-shows-hidden',
      breaks: 'nothing hidden comes out of the page',
      file: 'web/src/card/text.tsx',
      find: "if (typeof span === 'string') return visibleText(span)",
      replace: "if (typeof span === 'string') return span",
    },
    {
      name: 'page-takes-markup',
      breaks: 'text on the page becomes no element',
      file: 'web/src/card/code-block.tsx',
      find: '<code>{visibleText(text)}</code>',
      replace: '<code dangerouslySetInnerHTML={{ __html: visibleText(text) }} />',
    },
    {
      name: 'terminal-shows-hidden',
      breaks: 'nothing hidden comes out of the terminal',
      file: 'bot/cli/terminal-text.ts',
      find: 'withoutButtons(visibleText(text))',
      replace: 'withoutButtons(text)',
    },
    {
      name: 'terminal-fake-buttons',
      breaks: 'no text looks like a button',
      file: 'bot/cli/terminal-text.ts',
      find: "text.replace(/\\[(\\d{1,4})\\]/g, '($1)')",
      replace: 'text',
    },
    {
      name: 'slack-takes-markup',
      breaks: 'nothing comes alive in Slack',
      file: 'bot/slack/render/words.ts',
      find: "text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')",
      replace: "text.replaceAll('&', '&amp;')",
    },
    {
      name: 'slack-shows-hidden',
      breaks: 'nothing hidden comes out in Slack',
      file: 'bot/slack/render/words.ts',
      find: 'visibleText(text.toWellFormed())',
      replace: 'text.toWellFormed()',
    },
    {
      name: 'slack-too-long',
      breaks: 'Slack refuses no message',
      file: 'bot/slack/render/limits.ts',
      find: '  buttonLabel: 75,',
      replace: '  buttonLabel: 750,',
    },
    {
      name: 'slack-chart-takes-markup',
      breaks: 'nothing comes alive in a chart of Slack',
      file: 'bot/slack/render/chart.ts',
      find: ".replaceAll('<', '‹').replaceAll('>', '›')",
      replace: '',
    },
    {
      name: 'page-chart-shows-hidden',
      breaks: 'nothing hidden comes out of a chart on the page',
      file: 'web/src/card/chart-block.tsx',
      find: '<th scope="row">{visibleLine(label)}</th>',
      replace: '<th scope="row">{label}</th>',
    },
    {
      name: 'teams-shows-hidden',
      breaks: 'nothing hidden comes out in Teams',
      file: 'bot/teams/render/text.ts',
      find: 'visibleText(text).toWellFormed().replace(',
      replace: 'text.toWellFormed().replace(',
    },
    {
      name: 'teams-runs-functions',
      breaks: 'nothing of theirs is run in Teams',
      file: 'bot/teams/render/text.ts',
      find: '(?=\\s*(?:DATE|TIME))/gi',
      replace: '(?=NOTHING)/g',
    },
    {
      name: 'slow-senders-stay',
      breaks: 'slow senders are cut off',
      file: 'http/server.ts',
      find: 'requestTimeout: REQUEST_WITHIN_MS,',
      replace: 'requestTimeout: 0,',
      runs: 5,
    },
  ],
  async prove(options) {
    const sabotage = self.sabotages.find(({ name }) => name === options.sabotage)
    // A fault in a renderer is looked for in cards, one in the server in its answers.
    const [onCards, onRoutes] = [
      !sabotage || IN_RENDERERS.test(sabotage.file),
      !IN_RENDERERS.test(sabotage?.file ?? ''),
    ]
    const strings = onCards ? Math.max(100, Math.round(options.runs * STRINGS_SHARE)) : 0
    const cards = onCards ? await fuzzCards(options, strings, sabotage) : { breaches: [] }
    options.say(`${strings} hostile strings through every renderer`)
    if (!onRoutes) return { tried: { strings }, breaches: cards.breaches }
    const http = await fuzzHttp(options, { slowSenders: !sabotage || sabotage.name === 'slow-senders-stay' })
    return {
      tried: { ...http.tried, strings },
      breaches: [...cards.breaches, ...http.breaches],
      figures: http.figures,
    }
  },
})
export default self
