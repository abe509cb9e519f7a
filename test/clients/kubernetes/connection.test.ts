import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { request } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../../../clients/kubernetes/connection.ts'
import { json, startFakeHttp } from '../fake-http.ts'

const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-connect-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let api: Awaited<ReturnType<typeof startFakeHttp>>
beforeAll(async () => {
  api = await startFakeHttp((_, response) => json(response, 200, {}))
})
afterAll(() => api?.close())

function write(name: string, text: string, mode = 0o600): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

const config = (user: object, cluster: object = {}, server = api.url) =>
  JSON.stringify({
    clusters: [{ name: 'a', cluster: { server, ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'here', context: { cluster: 'a', user: 'u' } }],
  })

/** What the server sees of a call through this kubeconfig. */
async function seen(source: Parameters<typeof connect>[0]) {
  const connection = await connect(source, 'here')
  const { headers, dispatcher } = await connection.authorize()
  const { body } = await request(`${connection.server}/version`, { headers, dispatcher })
  await body.dump()
  await connection.close()
  return api.asked.at(-1)?.headers
}

test('token, basic auth, impersonation', async () => {
  expect(await seen({ text: config({ token: 'abc\n' }) })).toMatchObject({ authorization: 'Bearer abc' })
  const basic = `Basic ${Buffer.from('me:pass').toString('base64')}`
  expect(await seen({ text: config({ username: 'me', password: 'pass' }) })).toMatchObject({ authorization: basic })
  expect(await seen({ text: config({ token: 'abc', as: 'jane' }) })).toMatchObject({ 'impersonate-user': 'jane' })
})

test('a token file beside the kubeconfig', async () => {
  write('token', 'from-file\n')
  const file = write('config', config({ tokenFile: 'token' }))
  expect(await seen({ file })).toMatchObject({ authorization: 'Bearer from-file' })
})

test('an exec plugin', async () => {
  const credential = { kind: 'ExecCredential', status: { token: 'from-plugin' } }
  const command = write('plugin', `#!/bin/sh\necho '${JSON.stringify(credential)}'\n`, 0o700)
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command }
  expect(await seen({ text: config({ exec }) })).toMatchObject({ authorization: 'Bearer from-plugin' })
})

test('an auth-provider goes the long way, through the library', async () => {
  // An id token that is still valid: header.payload.signature, of which the library only reads the expiry.
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const idToken = `${part({ alg: 'none' })}.${part({ exp: 4_000_000_000 })}.x`
  const user = {
    'auth-provider': { name: 'oidc', config: { 'id-token': idToken, 'idp-issuer-url': 'https://idp.test' } },
  }
  expect(await seen({ text: config(user, { 'insecure-skip-tls-verify': true }) })).toMatchObject({
    authorization: `Bearer ${idToken}`,
  })
})

test('what is missing is named', async () => {
  await expect(connect({ text: config({}) }, 'elsewhere')).rejects.toThrow(
    'the kubeconfig has no context "elsewhere" (it has: here); see environments.*.cluster.',
  )
  await expect(connect({ file: join(folder, 'nowhere') }, 'here')).rejects.toThrow(
    /Cannot read the kubeconfig .*nowhere/,
  )
  await expect(connect({ text: ': not yaml :' }, 'here')).rejects.toThrow(/Cannot read the kubeconfig/)
})

test('credentials that cannot be had are told as such', async () => {
  const command = write('broken', '#!/bin/sh\necho "please log in first" >&2\nexit 1\n', 0o700)
  const broken = await connect({ text: config({ exec: { command } }) }, 'here')
  await expect(broken.authorize()).rejects.toThrow(
    'The kubeconfig\'s credentials for "here" cannot be had: please log in first.',
  )
})

test('a private CA and a client certificate', async () => {
  const pem = (name: string) => readFileSync(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url))
  const [key, cert] = [pem('key'), pem('certificate')]
  const server = createServer({ key, cert, ca: cert, requestCert: true, rejectUnauthorized: true }, (_, response) => {
    response.end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a TCP server has one
  const url = `https://127.0.0.1:${port}`
  const call = async (user: object, cluster: object) => {
    const connection = await connect({ text: config(user, cluster, url) }, 'here')
    const { dispatcher } = await connection.authorize()
    try {
      const { statusCode, body } = await request(url, { dispatcher })
      await body.dump()
      return statusCode
    } finally {
      await connection.close()
    }
  }
  const base64 = (bytes: Buffer) => bytes.toString('base64')
  const own = { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) }
  expect(await call(own, { 'certificate-authority-data': base64(cert) })).toBe(200)
  await expect(call({}, { 'certificate-authority-data': base64(cert) })).rejects.toThrow()
  await expect(call(own, {})).rejects.toThrow(/self-signed/)
  server.closeAllConnections()
  server.close()
})
