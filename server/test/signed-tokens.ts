import { generateKeyPairSync, sign as signBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A login service that signs tokens (ES256), with its keys in a file. */
export function createSigner() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-keys-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const keysFile = join(folder, 'jwks.json')
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'test', alg: 'ES256', use: 'sig' }
  writeFileSync(keysFile, JSON.stringify({ keys: [jwk] }))

  return {
    keysFile,
    /** A JSON Web Token (RFC 7519) with these claims, good for a minute unless they say otherwise. */
    sign(claims: Record<string, unknown>, header: Record<string, unknown> = {}): string {
      const now = Math.floor(Date.now() / 1000)
      const parts = [
        { alg: 'ES256', kid: 'test', ...header },
        { iat: now, exp: now + 60, ...claims },
      ]
      const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
      const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const
      return `${text}.${signBytes('sha256', Buffer.from(text), key).toString('base64url')}`
    },
  }
}
