/** The one name under which this program owns fields (server-side apply). */
export const FIELD_MANAGER = 'quarterdeck'

/** What we write on a Deployment's own metadata, never on the pod template: there it would start a rollout. */
export const ANNOTATION = {
  /** The operation that wrote last. */
  operation: 'quarterdeck.dev/operation',
  /** The step of it. */
  step: 'quarterdeck.dev/step',
  /**
   * The last writes, oldest first, as a JSON array of `operation/step`, with `!` before those that were called off before they happened: how a late
   * or repeated write is told from a new one.
   */
  writes: 'quarterdeck.dev/writes',
  /** The version people asked for, beside the image it stands for: void once somebody else set another image. */
  version: 'quarterdeck.dev/version',
  image: 'quarterdeck.dev/image',
  /** The operation that set that image; ReplicaSets inherit it, so that the history can name it. */
  deployedBy: 'quarterdeck.dev/deployed-by',
  /** Shown by `kubectl rollout history`. */
  changeCause: 'kubernetes.io/change-cause',
} as const

/** On the pod template; the same key as `kubectl rollout restart` uses, so that either sees the other's. */
export const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt'
export const REVISION = 'deployment.kubernetes.io/revision'
