import { describe, expectTypeOf, test } from 'vitest'
import type * as ours from '../../core/card.ts'
import type * as pages from '../../web/src/card-types.ts'

/** What the API does to a card on its way: brands are plain strings in JSON, files lose their content. */
type OnTheWire<Value> = Value extends { readonly __brand: string }
  ? string
  : Value extends ours.FileRef
    ? Omit<Value, 'content'>
    : Value extends readonly (infer Item)[]
      ? readonly OnTheWire<Item>[]
      : Value extends object
        ? { readonly [Name in keyof Value]: OnTheWire<Value[Name]> }
        : Value

/** The names of each block's parts: an optional part that is missing on one side is assignable all the same. */
type Parts<Block extends { readonly type: string }> = {
  [Type in Block['type']]: keyof Extract<Block, { readonly type: Type }>
}

describe("the page's mirror of the card", () => {
  // Checked by the compiler (npm run check): this file does not compile when the two part.
  test('has what the core says, block for block', () => {
    expectTypeOf<OnTheWire<ours.Card>>().toExtend<pages.Card>()
    expectTypeOf<pages.Card>().toExtend<OnTheWire<ours.Card>>()
    expectTypeOf<keyof pages.Card>().toEqualTypeOf<keyof ours.Card>()
    expectTypeOf<Parts<pages.Block>>().toEqualTypeOf<Parts<ours.Block>>()
    expectTypeOf<keyof pages.Action>().toEqualTypeOf<keyof ours.Action>()
    expectTypeOf<keyof pages.FormField>().toEqualTypeOf<keyof ours.FormField>()
    expectTypeOf<keyof pages.StepLine>().toEqualTypeOf<keyof ours.StepLine>()
    expectTypeOf<pages.ClickVerb>().toEqualTypeOf<ours.ClickVerb>()
  })
})
