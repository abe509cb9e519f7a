import { z } from 'zod'
import { port, words } from './parts.ts'

/** An address of its own for who watches the program: a worker has no other. */
export const metrics = z
  .strictObject({ host: words.default('127.0.0.1'), port })
  .describe('an address of their own for /metrics, /healthz and /readyz, like { host: 0.0.0.0, port: 9464 }')

export const tracing = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .refine((text) => URL.canParse(text) && new URL(text).username + new URL(text).password === '')
      .describe('where traces are sent, as OTLP over HTTP in JSON, like http://127.0.0.1:4318/v1/traces'),
  })
  .describe('{ url: http://127.0.0.1:4318/v1/traces }')
