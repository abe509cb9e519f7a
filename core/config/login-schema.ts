import { z } from 'zod'
import { atRoot, guarded, secretReference, words } from './parts.ts'

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
