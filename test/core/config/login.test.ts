import { describe, expect, test } from 'vitest'
import { configFrom } from '../../../core/config.ts'

const PLACE = { environments: { staging: { namespace: 'shop' } } }
const login = {
  issuer: 'https://id.example.com/realms/shop',
  clientId: 'quarterdeck',
  clientSecret: 'env:OIDC_CLIENT_SECRET',
  address: 'https://quarterdeck.example.com/',
}

describe('the login', () => {
  test('keeps its secret as a reference, and its address as an origin', () => {
    expect(configFrom({ ...PLACE, login }).login).toEqual({ ...login, address: 'https://quarterdeck.example.com' })
    expect(configFrom(PLACE).login).toBeUndefined()
  })

  test.each([
    ['issuer', 'http://id.example.com', 'login.issuer'],
    ['issuer', 'https://user:word@id.example.com', 'login.issuer'],
    ['address', 'http://quarterdeck.example.com', 'login.address'],
    ['address', 'https://quarterdeck.example.com/chat', 'login.address'],
    ['clientSecret', 'hunter2hunter2', 'login.clientSecret'],
  ])('refuses %s %s, naming the key', (key, value, named) => {
    expect(() => configFrom({ ...PLACE, login: { ...login, [key]: value } })).toThrow(named)
  })

  test('may go over plain http on this machine, where nobody listens', () => {
    const local = { ...login, issuer: 'http://127.0.0.1:9000', address: 'http://localhost:8321' }
    expect(configFrom({ ...PLACE, login: local }).login?.issuer).toBe(local.issuer)
  })
})
