import pg from 'pg'

export interface ServerClock {
  /** From now on it is so much ahead of the time that it is. */
  set(aheadMs: number): Promise<void>
}

/**
 * Gives a database of ours a clock of its own, which goes on from where it is set. The time functions of its server are found after ones of the
 * same names here, which add to them; who connects from then on asks these.
 */
export async function openServerClock(url: string): Promise<ServerClock> {
  const ask = async (statement: string, values?: unknown[]) => {
    const client = new pg.Client(url)
    await client.connect()
    await client.query(statement, values).finally(() => client.end())
  }
  await ask(`
    create schema prove;
    create table prove.clock (ahead interval not null);
    insert into prove.clock values (interval '0');
    create function prove.now() returns timestamptz language sql stable as
      'select pg_catalog.now() + ahead from prove.clock';
    create function prove.clock_timestamp() returns timestamptz language sql volatile as
      'select pg_catalog.clock_timestamp() + ahead from prove.clock';
    do $$ begin
      execute format('alter database %I set search_path = prove, pg_catalog, public', current_database());
    end $$;`)
  return {
    set: (aheadMs) => ask(`update prove.clock set ahead = $1::float8 * interval '1 millisecond'`, [aheadMs]),
  }
}
