import { StatusError } from '../store/errors.ts'

/** What goes wrong with requests that match; a field that is absent matches everything. */
export interface ApiFault {
  verb?: string
  /** `pods`, `apps/deployments`, … */
  resource?: string
  namespace?: string
  /** Real milliseconds before the request is looked at. */
  latencyMs?: number
  /** 0…1, the share of requests that fail. */
  errorRate?: number
  /** What they fail with; 500 when absent. */
  errorStatus?: number
  /** The request is taken and never answered. */
  blackhole?: boolean
  /** The next write is refused as a conflict; then the fault is over. */
  conflictOnce?: boolean
}

interface Target {
  verb: string
  resource?: string
  namespace?: string
  name?: string
}

const WRITES = ['create', 'update', 'patch', 'delete']

/** The faults of the API's HTTP layer, switched by the control page. */
export class ApiFaults {
  readonly #random: () => number
  readonly #faults = new Map<string, ApiFault>()
  #next = 1

  constructor(random: () => number) {
    this.#random = random
  }

  add(fault: ApiFault): string {
    const id = `fault-${this.#next++}`
    this.#faults.set(id, fault)
    return id
  }

  /** @returns whether there was such a fault */
  remove(id: string): boolean {
    return this.#faults.delete(id)
  }

  clear(): void {
    this.#faults.clear()
  }

  list(): { id: string; fault: ApiFault }[] {
    return [...this.#faults].map(([id, fault]) => ({ id, fault }))
  }

  /**
   * Lets a request through, late or not at all: resolves `blackhole` when it must never be answered.
   * @throws StatusError when the request is to fail
   */
  async strike(target: Target): Promise<'pass' | 'blackhole'> {
    for (const [id, fault] of this.#faults) {
      if (!matches(fault, target)) continue
      if (fault.latencyMs) await new Promise((resolve) => setTimeout(resolve, fault.latencyMs))
      if (fault.blackhole) return 'blackhole'
      if (fault.conflictOnce && WRITES.includes(target.verb)) {
        this.#faults.delete(id)
        throw injected(409, target)
      }
      if (fault.errorRate && this.#random() < fault.errorRate) throw injected(fault.errorStatus ?? 500, target)
    }
    return 'pass'
  }
}

function matches(fault: ApiFault, target: Target): boolean {
  return (
    (fault.verb === undefined || fault.verb === target.verb) &&
    (fault.resource === undefined || fault.resource === target.resource) &&
    (fault.namespace === undefined || fault.namespace === target.namespace)
  )
}

function injected(code: number, target: Target): StatusError {
  const what = `${target.resource ?? 'request'} ${JSON.stringify(target.name ?? '')}`
  switch (code) {
    case 409: {
      const why = 'the object has been modified; please apply your changes to the latest version and try again'
      return new StatusError(409, 'Conflict', `Operation cannot be fulfilled on ${what}: ${why}`)
    }
    case 429:
      return new StatusError(
        429,
        'TooManyRequests',
        'the server has received too many requests and has asked us to try again later',
        { retryAfterSeconds: 1 },
      )
    case 503:
      return new StatusError(503, 'ServiceUnavailable', 'the server is currently unable to handle the request')
    case 504:
      return new StatusError(504, 'Timeout', 'the server was unable to return a response in the time allotted')
    default:
      return new StatusError(code, 'InternalError', 'Internal error occurred: etcdserver: request timed out')
  }
}
