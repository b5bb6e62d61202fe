import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

export type AssertionSigner = {
  /** A file with the public key as a JSON Web Key Set. */
  jwksFile: string
  /** Signs these claims (RFC 7519) by ES256; times are seconds from now. */
  sign: (claims: Record<string, unknown>) => string
}

const keyId = 'the-portals-key'
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/**
 * A login service that signs what it says. Whoever calls this twice has two that do not know each other. The keys are
 * gone after the last test of the file that calls it.
 */
export function makeAssertionSigner(): AssertionSigner {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const dir = mkdtempSync(join(tmpdir(), 'porchlight-keys-'))
  afterAll(() => rmSync(dir, { recursive: true, force: true }))
  const jwksFile = join(dir, 'jwks.json')
  const key = { ...publicKey.export({ format: 'jwk' }), kid: keyId, alg: 'ES256', use: 'sig' }
  writeFileSync(jwksFile, JSON.stringify({ keys: [key] }))
  return {
    jwksFile,
    sign: (claims) => {
      const content = `${base64url({ alg: 'ES256', kid: keyId })}.${base64url(claims)}`
      const signature = sign('sha256', Buffer.from(content), { key: privateKey, dsaEncoding: 'ieee-p1363' })
      return `${content}.${signature.toString('base64url')}`
    },
  }
}
