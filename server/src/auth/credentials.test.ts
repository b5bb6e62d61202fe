import type { FastifyRequest } from 'fastify'
import { expect, test } from 'vitest'
import { cookieToken, explicitCredential } from './credentials.ts'

type Sent = {
  headers?: Record<string, unknown>
  query?: Record<string, unknown>
  cookies?: Record<string, unknown>
}
const request = ({ headers = {}, query = {}, cookies = {} }: Sent) =>
  ({ headers, query, cookies }) as unknown as FastifyRequest

const token = (text: string) => ({ kind: 'session-token', token: text })
const key = (secret: string) => ({ kind: 'api-key', secret })
const link = (address: object) => ({ kind: 'shared-link', address })

test.each<[string, Sent, object | undefined]>([
  ['nothing at all', {}, undefined],
  ['a cookie alone', { cookies: { immich_access_token: 'c' } }, undefined],
  ['a token header', { headers: { 'x-immich-user-token': 'a' } }, token('a')],
  ['the other token header', { headers: { 'x-immich-session-token': 'b' } }, token('b')],
  ['a token in the address', { query: { sessionKey: 'c' } }, token('c')],
  ['a bearer', { headers: { authorization: 'Bearer d-_.~+/==' } }, token('d-_.~+/==')],
  ['a bearer in capitals', { headers: { authorization: 'BEARER  e ' } }, token('e')],
  ['a key header', { headers: { 'x-api-key': 'f' } }, key('f')],
  ['a key in the address', { query: { apiKey: 'g' } }, key('g')],
  ['a share key', { headers: { 'x-immich-share-key': 'h' } }, link({ key: 'h' })],
  ['a share slug', { query: { slug: 'i' } }, link({ slug: 'i' })],
  ['header before address', { headers: { 'x-api-key': 'j' }, query: { apiKey: 'k' } }, key('j')],
  ['a token before a key', { headers: { 'x-api-key': 'l', authorization: 'Bearer m' } }, token('m')],
  [
    'a share key before a token',
    { headers: { authorization: 'Bearer n' }, query: { key: 'o' } },
    link({ key: 'o' }),
  ],
  [
    'a share key before a slug',
    { headers: { 'x-immich-share-slug': 'p' }, query: { key: 'q' } },
    link({ key: 'q' }),
  ],
  ['the proxy’s own login', { headers: { authorization: 'Basic Z3JhbjpjYWtl' } }, undefined],
  ['a digest', { headers: { authorization: 'Digest username="gran"' } }, undefined],
  ['a bearer of nothing', { headers: { authorization: 'Bearer ' } }, token('')],
  ['a bearer alone', { headers: { authorization: 'Bearer' } }, token('')],
  [
    'a digest that mentions a bearer',
    { headers: { authorization: 'Digest realm="bearer of x"' } },
    undefined,
  ],
  ['two bearers', { headers: { authorization: 'Bearer a, Bearer b' } }, token('')],
  [
    'empty values',
    { headers: { 'x-api-key': '' }, query: { apiKey: '', key: '', sessionKey: '' } },
    undefined,
  ],
  ['a doubled key in the address', { query: { apiKey: ['a', 'b'] } }, key('')],
  ['a doubled share key', { query: { key: ['a', 'b'] } }, link({ key: '' })],
  ['a word that only begins like bearer', { headers: { authorization: 'Bearerx y' } }, undefined],
])('with %s', (_what, sent, credential) => {
  expect(explicitCredential(request(sent))).toEqual(credential)
})

test('a bearer of many blanks is read in no time', () => {
  const started = performance.now()
  explicitCredential(
    request({ headers: { authorization: `Bearer ${'a'.repeat(9000)}${' '.repeat(9000)}x` } }),
  )
  expect(performance.now() - started).toBeLessThan(100)
})

test('the session cookie is a text, or nothing', () => {
  expect(cookieToken(request({ cookies: { immich_access_token: 'c' } }))).toBe('c')
  expect(cookieToken(request({ cookies: { immich_access_token: '' } }))).toBeUndefined()
  expect(cookieToken(request({}))).toBeUndefined()
})
