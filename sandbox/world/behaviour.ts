/** How a program behaves once its container runs. Everything left out is healthy. */
export interface Behaviour {
  /** Seconds from start until it listens on its port. */
  startSeconds: number
  /** Ends by itself this long after its start. */
  crash?: { afterSeconds: number; exitCode: number; lines: string[] }
  /** Answers its readiness probe with 503 for ever. */
  neverReady?: boolean
  /** Stops answering anything this long after its start; its liveness probe fails. */
  hangAfterSeconds?: number
  /** Share of its requests, 0…1, that it answers with a 5xx of its own making. */
  errorShare?: number
  /** Its own time per request, as a multiple of the service's usual time. */
  latencyFactor?: number
  /** Memory it loses, in MiB per minute; ends OOMKilled at the container's limit. */
  leakMiBPerMinute?: number
}

const healthy: Behaviour = { startSeconds: 3 }

/** The ways an image can behave, by name; the control page publishes new versions with one of them. */
export const behaviours = {
  healthy,
  crash: {
    // Dies before it listens, so that it never counts as ready.
    startSeconds: 60,
    crash: {
      afterSeconds: 4,
      exitCode: 1,
      lines: [
        'reading configuration from environment',
        'fatal: required setting PAYMENT_PROVIDER_URL is not set',
        'Error: Missing configuration: PAYMENT_PROVIDER_URL',
        '    at loadConfig (/app/server/config.js:42:11)',
        '    at main (/app/server/index.js:9:18)',
      ],
    },
  },
  'slow-start': { startSeconds: 90 },
  errors: { startSeconds: 3, errorShare: 0.22 },
  leak: { startSeconds: 3, leakMiBPerMinute: 45 },
  'never-ready': { startSeconds: 3, neverReady: true },
  hang: { startSeconds: 3, hangAfterSeconds: 60 },
  slow: { startSeconds: 3, latencyFactor: 6 },
} satisfies Record<string, Behaviour>

export type BehaviourName = keyof typeof behaviours

export function isBehaviourName(text: string): text is BehaviourName {
  return Object.hasOwn(behaviours, text)
}
