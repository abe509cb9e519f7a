import { z } from 'zod'
import { secretReference, words } from './parts.ts'

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

// A code or a token that travels in clear is anybody's; on this machine alone it does not travel.
const guarded = (text: string) => {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  return username + password === '' && (protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname)))
}

const atRoot = (text: string) => guarded(text) && new URL(text).pathname === '/' && !/[?#]/.test(text)

export const login = z
  .strictObject({
    issuer: z
      .string()
      .refine(guarded)
      .describe('the https address of the OpenID provider, like https://id.example.com'),
    clientId: words.describe('the client id that the provider gave, like quarterdeck'),
    clientSecret: secretReference.optional(),
    address: z
      .string()
      .refine(atRoot)
      .describe('where people open the page, without a path, like https://quarterdeck.example.com'),
  })
  .describe(
    'the login, like { issuer: https://id.example.com, clientId: quarterdeck, clientSecret: env:OIDC_SECRET, address: https://quarterdeck.example.com }',
  )
