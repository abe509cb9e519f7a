import type { OutgoingMessage, Surface } from '../../core/ports/surface.ts'
import type { Telemetry } from '../../core/ports/telemetry.ts'

/** The same surface; what it is given to send is told of. */
export function watched(surface: Surface, telemetry: Telemetry, clock: () => Date): Surface {
  const telling = async <Result>(message: OutgoingMessage, first: boolean, send: () => Promise<Result>) => {
    const { deliveryId, requestId, operationId, revision, updatedAt: from } = message
    const tell = (ok: boolean) => {
      const sent = { what: 'sent', surface: surface.name, deliveryId, requestId, operationId, revision, first } as const
      telemetry.tell({ ...sent, ok, from, until: clock() })
    }
    try {
      const result = await send()
      tell(true)
      return result
    } catch (error) {
      tell(false)
      throw error
    }
  }
  const known: Partial<Surface> = {
    post: (message) => telling(message, true, () => surface.post(message)),
    update: (message) => telling(message, false, () => surface.update(message)),
  }
  // Whatever else a surface can do, it does itself, with itself as `this`.
  return new Proxy(surface, {
    get(target, name) {
      if (name === 'post' || name === 'update') return known[name]
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
