import { once } from 'node:events'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignJWT, exportJWK, generateKeyPair } from 'jose'
import type { CryptoKey, JWK, JWTHeaderParameters } from 'jose'

/** For tests only: a login service with real keys that hands them out by HTTP on loopback. */
export type TestKey = { kid: string; alg: string; privateKey: CryptoKey; publicKey: CryptoKey; jwk: JWK }

export const issuer = 'https://auth.home.example'
export const audience = 'porchlight'
export const start = Date.parse('2026-11-23T12:00:00Z')

/** A clock that stands still until it is moved, in seconds. */
export function createTestClock() {
  let time = start
  return {
    now: () => new Date(time),
    seconds: () => time / 1000,
    advance: (seconds: number) => void (time += seconds * 1000),
  }
}

export async function makeKey(kid = 'first', alg = 'ES256'): Promise<TestKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { kid, alg, privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid } }
}

/** A good token of the login service for gran, but for what is asked; undefined leaves a claim or field out. */
export async function signToken(
  key: TestKey,
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
): Promise<string> {
  const all = {
    iss: issuer,
    aud: audience,
    exp: start / 1000 + 300,
    iat: start / 1000,
    email: 'gran@home.example',
    ...claims,
  }
  const fields = { alg: key.alg, kid: key.kid, typ: 'JWT', ...header }
  return new SignJWT(dropUndefined(all))
    .setProtectedHeader(dropUndefined(fields) as JWTHeaderParameters)
    .sign(key.privateKey)
}

export const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

const dropUndefined = (fields: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

/** Answers with the keys at every path, until `answer` is another. */
export async function startLoginService(...keys: TestKey[]) {
  const asked: string[] = []
  const service = {
    keys,
    asked,
    answer: (response: ServerResponse): unknown =>
      response.end(JSON.stringify({ keys: service.keys.map(({ jwk }) => jwk) })),
    url: '',
    close: () => server.close().closeAllConnections(),
  }
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    service.answer(response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  service.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`
  return service
}
