import { parseArgs } from 'node:util'
import { messageOf, UserError } from '../../core/errors.ts'
import { slackManifest } from './manifest.ts'

const HOW =
  'Write: npm run slack:manifest -- --url https://quarterdeck.example.com [--install], or without --url for Socket Mode.'

/** Prints the manifest that Slack's "create an app from a manifest" takes. Throws UserError with how to write it. */
export function printManifest(argv: readonly string[], print: (text: string) => void): void {
  const { url, install } = argumentsOf(argv)
  const origin = url === undefined ? undefined : originOf(url)
  if (install && origin === undefined)
    throw new UserError(`--install needs --url: Slack sends the browser back there. ${HOW}`)
  print(JSON.stringify(slackManifest({ url: origin, redirect: install }), undefined, 2))
}

function argumentsOf(argv: readonly string[]): { readonly url?: string | undefined; readonly install: boolean } {
  try {
    const options = { url: { type: 'string' }, install: { type: 'boolean', default: false } } as const
    return parseArgs({ args: [...argv], options }).values
  } catch (error) {
    throw new UserError(`${messageOf(error)} ${HOW}`)
  }
}

function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'https:' && url.pathname === '/' && !url.search && !url.hash) return url.origin
  throw new UserError(
    `"${text}" is no address that Slack sends to: it has to begin with https:// and end after the host. ${HOW}`,
  )
}
