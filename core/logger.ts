import { pino } from 'pino'
import type { Logger } from './ports/logger.ts'
import { redact } from './secrets.ts'

/**
 * JSON lines on standard error, so that standard output stays for what people read. Values of resolved secrets are struck out wherever
 * they stand.
 */
export function createLogger(level: 'debug' | 'info' | 'warn' | 'error'): Logger {
  const lines = pino.destination({ fd: 2, sync: false })
  return pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      // JSON alone would make `{}` of an error.
      serializers: { err: pino.stdSerializers.err, error: pino.stdSerializers.err },
    },
    { write: (line: string) => void lines.write(redact(line)) },
  )
}
