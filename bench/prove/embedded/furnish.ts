import { randomUUID } from 'node:crypto'
import { type SQL, sql } from 'drizzle-orm'
import { getTableConfig } from 'drizzle-orm/pg-core'
import { TABLES } from '../../../db/schema/tables.ts'
import type { Store } from '../../../db/store.ts'
import type { Random } from '../frame/random.ts'

type Table = (typeof TABLES)[number]
type Column = ReturnType<typeof getTableConfig>['columns'][number]

/** What has gone wrong in copies: separators of our own, of JSON and of lines, numbers past a double, text that looks like a marker. */
const TEXTS = [
  '',
  'null',
  '{"table":"steps"}',
  '{"end":{}}',
  'a\tb\r\nc\\n',
  'quote " and \' and \\',
  '\u2028\u2029\u0085 – ünïcode 🚢 \u202e',
  '$1 :x ::json %s {y}',
  'long '.repeat(2_000),
]
// Not JSON's null by itself: our writers write SQL's, and every way through a record makes it that.
const JSONS = [
  '{}',
  '[]',
  '"123"',
  '12345678901234567890123456789.000100',
  '1e300',
  '-0.1',
  '{"a":{"b":[1,2.50,null,"\\u2028 \\" \\\\ x"]},"table":"t","__proto__":1}',
]
const DOUBLES = ['0.1', '-1e300', 'NaN', 'Infinity', '5e-324']

/** Fills every table of this release with rows that no program of ours would write, each column from its type. */
export async function furnish(store: Store, rowsEach: number, random: Random): Promise<void> {
  await store.transaction(async (tx) => {
    for (const table of TABLES) {
      const { columns, foreignKeys, name } = getTableConfig(table)
      const filled = columns.filter((column) => !column.generatedIdentity)
      const parents = new Map<string, SQL>()
      for (const key of foreignKeys) {
        const { columns: own, foreignColumns, foreignTable } = key.reference()
        const [from, to] = [own[0], foreignColumns[0]]
        if (!from || !to || own.length > 1)
          throw new Error(`${name} points to another table in a way that is new here.`)
        parents.set(from.name, sql`(select ${sql.identifier(to.name)} from ${foreignTable} order by random() limit 1)`)
      }
      for (let index = 0; index < rowsEach; index++) {
        const values = filled.map((column) => parents.get(column.name) ?? valueFor(table, column, random))
        const names = filled.map((column) => sql.identifier(column.name))
        await tx.execute(sql`insert into ${table} (${sql.join(names, sql`, `)}) values (${sql.join(values, sql`, `)})`)
      }
    }
  })
}

function valueFor(table: Table, column: Column, random: Random): SQL {
  if (!column.notNull && random.below(4) === 0) return sql`null`
  const type = column.getSQLType()
  return sql`${textFor(table, column, type, random)}::text::${sql.raw(type)}`
}

function textFor(table: Table, column: Column, type: string, random: Random): string {
  const choice: readonly string[] | undefined = column.enumValues
  if (choice) return random.pick(choice)
  const whole = String(random.below(2 ** 31 - 1) - 2 ** 30)
  if (type === 'text')
    return isKey(table, column) ? `${randomUUID()} ${random.pick(TEXTS).slice(0, 500)}` : random.pick(TEXTS)
  if (type === 'text[]') return random.pick(['{}', '{"*"}', '{"a,\\"b","","\\\\","NULL"}'])
  if (type === 'jsonb') return random.pick(JSONS)
  if (type === 'boolean') return random.pick(['true', 'false'])
  if (type === 'bigint') return isKey(table, column) ? String(random.below(2 ** 31) * 2 ** 20) : `${whole}0000`
  if (type === 'integer') return whole
  if (type === 'real' || type === 'double precision')
    return type === 'real' ? random.pick(['0.1', 'NaN', '3e38']) : random.pick(DOUBLES)
  if (type.startsWith('timestamp'))
    return random.pick(['1970-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', '2026-03-29T01:59:59.999+02', 'infinity'])
  throw new Error(`A column of type ${type} (${column.name}) is new: say here what to fill it with.`)
}

/** Part of something that must be unique: a value of its own in each row. */
function isKey(table: Table, column: Column): boolean {
  const { primaryKeys, uniqueConstraints } = getTableConfig(table)
  const groups = [...primaryKeys, ...uniqueConstraints].flatMap((key) => key.columns.map(({ name }) => name))
  return column.primary || column.isUnique || groups.includes(column.name)
}
