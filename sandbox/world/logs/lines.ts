import type { ShopService } from '../shop/services.ts'

export type Level = 'debug' | 'info' | 'warn' | 'error'

const paths: Record<string, string[]> = {
  web: ['GET /', 'GET /products/{id}', 'GET /search', 'POST /cart', 'POST /checkout'],
  checkout: ['POST /checkout', 'GET /checkout/{id}', 'POST /checkout/{id}/confirm'],
  orders: ['POST /orders', 'GET /orders/{id}'],
  cart: ['GET /carts/{id}', 'POST /carts/{id}/items', 'DELETE /carts/{id}/items'],
  recommendations: ['GET /recommendations/{id}'],
  search: ['GET /search', 'GET /suggest'],
  payments: ['POST /charges', 'GET /charges/{id}', 'POST /refunds'],
  shipping: ['POST /shipments', 'GET /rates'],
  email: ['POST /messages'],
  accounts: ['POST /sessions', 'GET /accounts/{id}'],
  inventory: ['GET /stock/{id}', 'POST /reservations'],
  catalog: ['GET /products', 'GET /products/{id}'],
}

const ownErrors: Record<string, string[]> = {
  checkout: ['cannot apply voucher: division by zero in discount rule', 'order total does not match line items'],
  payments: ['card processor answered 502', 'charge was declined by processor: unexpected currency'],
  orders: ['insert into orders failed: duplicate key value violates unique constraint "orders_pkey"'],
  search: ['index shard 3 did not answer in time', 'query parser: unexpected token'],
  cart: ['session store: connection reset by peer'],
  inventory: ['reservation failed: row is locked'],
}

const someErrors = [
  'unhandled exception in request handler: TypeError: undefined is not a function',
  'database: too many connections',
]

export interface RequestLine {
  level: Level
  fields: Record<string, string | number>
}

/**
 * One request as the service would log it.
 * @param draw a number in [0, 1) for the next decision
 * @param failing service whose call failed, or undefined when the failure is its own
 */
export function requestLine(
  service: ShopService | undefined,
  outcome: { failed: boolean; failing: string | undefined; latencyMs: number },
  draw: () => number,
): RequestLine {
  const name = service?.name ?? 'app'
  const choices = paths[name] ?? ['GET /']
  const route = choices[Math.floor(draw() * choices.length)] ?? 'GET /'
  const [method = 'GET', path = '/'] = route.split(' ')
  const trace = Math.floor(draw() * 2 ** 48)
    .toString(16)
    .padStart(12, '0')
  const durationMs = Math.max(1, Math.round(outcome.latencyMs * (0.4 + draw() * 1.4)))
  const common = {
    method,
    path: path.replace('{id}', String(1000 + Math.floor(draw() * 9000))),
    durationMs,
    trace,
  }
  if (!outcome.failed) {
    const slow = durationMs > 1000
    return {
      level: slow ? 'warn' : 'info',
      fields: { msg: slow ? 'slow request' : 'request', status: method === 'POST' ? 201 : 200, ...common },
    }
  }
  if (outcome.failing !== undefined) {
    const error = `call to ${outcome.failing} failed: upstream answered 503 (connection refused)`
    return { level: 'error', fields: { msg: 'request failed', status: 503, error, ...common } }
  }
  const errors = ownErrors[name] ?? someErrors
  const error = errors[Math.floor(draw() * errors.length)] ?? 'unhandled exception'
  return { level: 'error', fields: { msg: 'request failed', status: 500, error, ...common } }
}
