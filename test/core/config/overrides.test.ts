import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { withEnvironment } from '../../../core/config/overrides.ts'
import { configFrom } from '../../../core/config.ts'

const config = configFrom({ environments: { staging: { namespace: 'shop' } } })
const over = (env: NodeJS.ProcessEnv) => withEnvironment(config, env)

test('~ is the home folder in the environment as it is in the file', () => {
  expect(over({ QUARTERDECK_CLUSTER: '~/.kube/config' }).cluster).toMatchObject({
    path: join(homedir(), '.kube/config'),
  })
  expect(over({ QUARTERDECK_DATA: '~/deck' }).dataFolder).toBe(join(homedir(), 'deck'))
})

test('an address that is no sandbox is not taken for the path of a kubeconfig, and its password not shown', () => {
  for (const QUARTERDECK_CLUSTER of ['https://10.0.0.1:6443', 'http://u:hunter22@127.0.0.1:1', 'http://']) {
    expect(() => over({ QUARTERDECK_CLUSTER })).toThrow(/^QUARTERDECK_CLUSTER is not the address of a sandbox/)
    expect(() => over({ QUARTERDECK_CLUSTER })).not.toThrow(/hunter22/)
  }
  expect(over({ QUARTERDECK_CLUSTER: 'HTTP://127.0.0.1:8001' }).cluster).toMatchObject({ kind: 'sandbox' })
})

test('an address that a password breaks says how to write the password', () => {
  const QUARTERDECK_STORE_URL = 'postgres://quarterdeck:hun/ter@127.0.0.1:5432/quarterdeck'
  expect(() => over({ QUARTERDECK_STORE_URL })).toThrow(/QUARTERDECK_STORE_URL .* of a password are written %2F/)
})

test('a pod says for five seconds that it is about to end, any other program not at all, unless it is told otherwise', () => {
  const pod = { KUBERNETES_SERVICE_HOST: '10.96.0.1' }
  expect([over(pod).drainMs, over({}).drainMs]).toEqual([5_000, undefined])
  const place = { environments: { staging: { namespace: 'shop' } } }
  const told = (drain: string) => configFrom({ ...place, drain })
  expect(['0s', '20s'].map((drain) => withEnvironment(told(drain), pod).drainMs)).toEqual([0, 20_000])
  for (const drain of ['6m', 'long']) expect(() => told(drain)).toThrow(/drain is .*like 5s/)
})
