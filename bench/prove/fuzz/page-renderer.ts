import { join } from 'node:path'
import type { VNode } from 'preact'
import { render } from 'preact-render-to-string'
import { createServer, type Plugin } from 'vite'
import type { Card } from '../../../core/card.ts'
import type { Sabotage } from '../prover.ts'
import { mutate } from '../sabotage.ts'

const ROOT = join(import.meta.dirname, '../../..')

/** What the page's own components need to be drawn; the rest of their properties does not change what stands there. */
type CardView = (properties: object) => VNode
type Dialog = (properties: object) => VNode

export interface PageRenderer {
  /** A card with a reply below it, and the dialogs that its buttons open, as the page's HTML. */
  html(card: Card, reply: string): string
  close(): Promise<void>
}

/** The page's components, through Vite as in its build. A fault meant for a file of the page is put in on the way. */
export async function openPageRenderer(sabotage: Sabotage | undefined): Promise<PageRenderer> {
  const vite = await createServer({
    root: join(ROOT, 'web'),
    configFile: join(ROOT, 'web/vite.config.ts'),
    server: { middlewareMode: true, watch: null, hmr: false, ws: false },
    optimizeDeps: { noDiscovery: true },
    appType: 'custom',
    logLevel: 'error',
    plugins: [faulty(sabotage)],
  })
  // The shapes of the page's own exports; the page imports nothing of ours, so its types are its own.
  const { CardView } = (await vite.ssrLoadModule('/src/card/card-view.tsx')) as { CardView: CardView }
  const { ClickDialog } = (await vite.ssrLoadModule('/src/card/click-dialog.tsx')) as { ClickDialog: Dialog }
  const { h } = await import('preact')
  return {
    html(card, reply) {
      const item = {
        ...{ type: 'card', deliveryId: 'dl-fuzz', threadKey: 'web-fuzz0000', revision: 1, card, personal: true },
        ...{ requestId: null, operationId: null, final: false, at: AT, updatedAt: AT },
      }
      const view = h(CardView, { item, clicking: undefined, reply: { ok: false, says: reply }, onClick: () => {} })
      const dialogs = (card.actions ?? []).map((action) =>
        render(h(ClickDialog, { action, onSend: () => {}, onClose: () => {} })),
      )
      return [render(view), ...dialogs].join('\n')
    },
    close: () => vite.close(),
  }
}

const AT = '2026-11-21T03:41:00.000Z'

function faulty(sabotage: Sabotage | undefined): Plugin {
  const file = sabotage?.file.startsWith('web/') ? join(ROOT, sabotage.file) : undefined
  return {
    name: 'prove-sabotage',
    enforce: 'pre',
    transform: (code, id) => (sabotage && id.split('?')[0] === file ? mutate(code, sabotage) : undefined),
  }
}
