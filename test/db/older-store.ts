import pg from 'pg'
import type { Migration } from '../../db/migrate.ts'

/** Asks a database over a connection of its own. */
export async function asked<Answer>(url: string, work: (client: pg.Client) => Promise<Answer>): Promise<Answer> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return work(client).finally(() => client.end())
}

/** A database as these migrations leave it. */
export const writtenBy = (migrations: readonly Migration[], url: string) =>
  asked(url, async (client) => {
    await client.query('create schema quarterdeck')
    await client.query(`create table quarterdeck.migrations
      (number integer primary key, name text not null, hash text not null, applied_at timestamptz not null default now())`)
    const note = 'insert into quarterdeck.migrations (number, name, hash) values ($1, $2, $3)'
    for (const { number, name, hash, statements } of migrations) {
      for (const statement of statements) await client.query(statement)
      await client.query(note, [number, name, hash])
    }
  })
