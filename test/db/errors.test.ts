import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { UpstreamError } from '../../core/errors.ts'
import { describeOnStores } from '../_harness/store.ts'

describeOnStores('an error of the store', (store) => {
  test.each(['the disk full of cart', 'connection terminated', 'no space left on device'])(
    'is not called an outage because somebody wrote “%s”',
    async (text) => {
      const refused = await store()
        .db.execute(sql`select ${text}::text, ${text}::integer`)
        .catch((error: unknown) => error)
      expect(refused).not.toBeInstanceOf(UpstreamError)
      expect(refused).toMatchObject({ code: '22P02' })
      const twice = await store()
        .db.execute(sql`select 1 / (length(${text}) - length(${text}))`)
        .catch((error: unknown) => error)
      expect(twice).toMatchObject({ code: '22012' })
      expect(String(twice)).not.toContain(text)
    },
  )
})
