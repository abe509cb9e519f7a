import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { ConfigError } from '../../../core/errors.ts'

const SHORTEST = 32
const IV_BYTES = 12
const TAG_BYTES = 16
const VERSION = 'v1.'

/** Encrypts what stands in the store (AES-256-GCM); `about` is what it belongs to, so that no row is worth anything in another's place. */
export interface Seal {
  close(text: string, about: string): string
  /** Throws ConfigError when it was sealed under another secret, or changed. */
  open(sealed: string, about: string): string
}

export function createSeal(secret: string): Seal {
  if (secret.length < SHORTEST)
    throw new ConfigError(
      `slack.install.seal is too short: it has to be ${SHORTEST} characters or more, like from \`openssl rand -hex 32\`.`,
    )
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'quarterdeck slack installations', 32))
  return {
    close(text, about) {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(about))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return VERSION + Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')
    },
    open(sealed, about) {
      const bytes = Buffer.from(sealed.slice(VERSION.length), 'base64url')
      const iv = bytes.subarray(0, IV_BYTES)
      const tag = bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES)
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES })
        decipher.setAAD(Buffer.from(about)).setAuthTag(tag)
        return decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
      } catch (error) {
        throw new ConfigError(
          `The Slack installation of ${about} was sealed with another slack.install.seal: put that back, or install the app there again.`,
          { cause: error },
        )
      }
    },
  }
}
