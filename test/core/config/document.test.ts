import { expect, test } from 'vitest'
import { readDocument } from '../../../core/config/document.ts'

test('an alias of nothing is told from aliases that repeat too much', () => {
  expect(() => readDocument('q.yaml', 'a: *nope')).toThrow(
    /^q\.yaml: it uses the alias \*nope, .* write the value out\.$/,
  )
  const bomb = 'a: &a [x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c]\n'
  expect(() => readDocument('q.yaml', bomb)).toThrow(/repeats itself through aliases/)
})
