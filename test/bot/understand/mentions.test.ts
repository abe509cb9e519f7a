import { describe, expect, it } from 'vitest'
import { clean } from './wharf.ts'

describe('mentions of the bot', () => {
  it.each([
    '<@U0BOT0001> restart manifest canal',
    'hey <@U0BOT0001> restart manifest canal',
    '<@U0BOT0001> restart manifest <@U0BOT0001> canal',
    'restart manifest canal <@U0BOT0001>',
    'restart manifest canal, <@U0BOT0001>',
    'restart manifest canal @quarterdeck',
    'restart @quarterdeck manifest canal',
    '<at>Quarterdeck</at> restart manifest canal',
    '/qd restart manifest canal',
  ])('are no part of what was said: %s', (text) =>
    expect(clean(text).replace(/\s+/g, ' ')).toBe('restart manifest canal'),
  )

  it('leave a person where one is meant', () => {
    expect(clean('<@U0MAREK01> restart manifest canal')).toBe('<@U0MAREK01> restart manifest canal')
    expect(clean('page <@U0UNKNOWN1>')).toBe('page <@U0UNKNOWN1>')
    expect(clean('delegate to <@U0UNKNOWN1>')).toBe('delegate to <@U0UNKNOWN1>')
  })
})
