import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { strToU8, zipSync } from 'fflate'
import { messageOf, UserError } from '../../../core/errors.ts'
import { colorIcon, outlineIcon } from './icons.ts'
import { teamsManifest } from './manifest.ts'

const HOW =
  'npm run teams:package -- --app-id 00000000-0000-0000-0000-000000000000 --url https://quarterdeck.example.com --out quarterdeck.zip'
/** Of the package, which Teams compares: one more when its manifest changes. */
const VERSION = '1.0.0'
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The app package that Teams installs: the manifest and two icons in a zip. */
export function teamsPackage(app: {
  readonly appId: string
  readonly url: string
  readonly version: string
}): Uint8Array {
  return zipSync({
    'manifest.json': strToU8(`${JSON.stringify(teamsManifest(app), null, 2)}\n`),
    'color.png': new Uint8Array(colorIcon()),
    'outline.png': new Uint8Array(outlineIcon()),
  })
}

/** `teams-package --app-id … --url … [--out quarterdeck.zip]`. Throws UserError where something is missing. */
export function writePackage(argv: readonly string[], say: (line: string) => void): void {
  const { appId, url, out } = wishes(argv)
  try {
    writeFileSync(out, teamsPackage({ appId, url, version: VERSION }))
  } catch (error) {
    throw new UserError(`${out} cannot be written (${messageOf(error)}).`)
  }
  say(
    `${out} is written. In Teams: Apps → Manage your apps → Upload an app; in the admin centre: Teams apps → Manage apps.`,
  )
  say(`The bot’s messaging endpoint is ${url}/teams/messages`)
}

function wishes(argv: readonly string[]): { appId: string; url: string; out: string } {
  const { values } = parsed(argv)
  const { 'app-id': appId = '', url = '', out = 'quarterdeck.zip' } = values
  if (!GUID.test(appId)) throw new UserError(`Which bot is it? Give the Microsoft App ID: ${HOW}`)
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:')
    throw new UserError(`Where is Quarterdeck reached from outside? Teams takes https addresses only: ${HOW}`)
  return { appId: appId.toLowerCase(), url: new URL(url).origin, out }
}

function parsed(argv: readonly string[]) {
  const text = { type: 'string' } as const
  try {
    return parseArgs({ args: [...argv], options: { 'app-id': text, url: text, out: text } })
  } catch (error) {
    throw new UserError(`${messageOf(error)} Write: ${HOW}`)
  }
}
