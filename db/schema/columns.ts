import { bigint, customType, timestamp } from 'drizzle-orm/pg-core'

/** PostgreSQL stores neither NUL nor lone surrogates; hostile text must not be able to make a write fail. */
function storable(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text
}

function storableJson(value: unknown): string {
  const text = JSON.stringify(value)
  if (!/\\u0000|\\ud[89a-f]/i.test(text)) return text
  return JSON.stringify(value, (_key, part) => (typeof part === 'string' ? storable(part.toWellFormed()) : part))
}

/**
 * A jsonb column of any JSON value. Not drizzle's own `jsonb`, which parses a stored JSON string a second time, so that the
 * string "123" comes back as a number.
 */
const jsonb = customType<{ data: unknown; driverData: unknown }>({
  dataType: () => 'jsonb',
  toDriver: storableJson,
  fromDriver: (value) => value,
})

/** A typed jsonb column. Write SQL null, never JSON null. */
export const json = <T>(name: string) => jsonb(name).$type<T>()

/** Text that came from a person or from outside. */
export const prose = customType<{ data: string; driverData: string }>({ dataType: () => 'text', toDriver: storable })

/** An instant, with time zone, as a Date (milliseconds). */
export const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date', precision: 3 })

/** A 64-bit counter as a number; ours stay far below 2^53. */
export const counter = (name: string) => bigint(name, { mode: 'number' })

export const serial = (name: string) => bigint(name, { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity()
