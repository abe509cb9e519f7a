import { readFileSync } from 'node:fs'
import type { User } from '@kubernetes/client-node/dist/config_types.js'
import { ExecAuth } from '@kubernetes/client-node/dist/exec_auth.js'
import { FileAuth } from '@kubernetes/client-node/dist/file_auth.js'
import { keepSecret } from '../../core/secrets.ts'

export interface Credentials {
  readonly headers: Record<string, string>
  readonly tls: { cert?: string | Buffer; key?: string | Buffer }
}

/** True for what needs no auth-provider (OIDC, GCP, Azure) of the library. */
export function usesPlainCredentials(user: User | undefined): boolean {
  return !user?.authProvider || isTokenFile(user) || new ExecAuth().isAuthProvider(user)
}

/**
 * A user's credentials, fresh at every call: exec plugins are run again when their token has expired, token files are read again
 * after a minute. Rejects when a plugin fails or a file cannot be read.
 */
export function createCredentials(user: User | undefined): () => Promise<Credentials> {
  if (!user) return async () => ({ headers: {}, tls: {} })
  const exec = new ExecAuth()
  const file = new FileAuth()
  return async () => {
    const headers: Record<string, string> = {}
    const options: { headers: Record<string, string>; cert?: string | Buffer; key?: string | Buffer } = { headers }
    const cert = fileOrData(user.certFile, user.certData)
    const key = fileOrData(user.keyFile, user.keyData)
    if (cert) options.cert = cert
    if (key) options.key = key
    if (user.token) headers.Authorization = `Bearer ${user.token.trim()}`
    else if (user.username)
      headers.Authorization = `Basic ${Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64')}`
    if (isTokenFile(user)) await file.applyAuthentication(user, options)
    else if (exec.isAuthProvider(user)) await exec.applyAuthentication(user, options)
    if (user.impersonateUser) headers['Impersonate-User'] = user.impersonateUser
    // A token file often ends in a newline, which no header may hold.
    if (headers.Authorization) headers.Authorization = headers.Authorization.trim()
    // A server may tell them back in an error.
    for (const secret of [user.password, headers.Authorization?.replace(/^\w+\s+/, '')]) if (secret) keepSecret(secret)
    return {
      headers,
      tls: { ...(options.cert ? { cert: options.cert } : {}), ...(options.key ? { key: options.key } : {}) },
    }
  }
}

const isTokenFile = (user: User) => Boolean(user.authProvider?.config?.tokenFile)

function fileOrData(file: string | undefined, data: string | undefined): Buffer | undefined {
  if (data) return Buffer.from(data, 'base64')
  return file ? readFileSync(file) : undefined
}
