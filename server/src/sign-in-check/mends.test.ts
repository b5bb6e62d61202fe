import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseNetworks, type Policy } from '@porchlight/trusted-header'
import { expect, test } from 'vitest'
import { mendFor, type Cause } from './mends.ts'
import type { ProxyKind } from './sign-in-check.ts'

const deploy = join(import.meta.dirname, '../../../deploy')
const recipe = (...files: string[]) =>
  files
    .map((file) => readFileSync(join(deploy, file), 'utf8'))
    .join('\n')
    .split('\n')
    .map((line) => line.trim())

const parsed = parseNetworks(['10.3.3.7/32'])
const policy: Policy = {
  enabled: true,
  networks: 'networks' in parsed ? parsed.networks : (undefined as never),
  headers: { email: 'remote-email', name: 'remote-name', groups: 'remote-groups' },
  secret: { header: 'porchlight-secret', digests: ['0'.repeat(64)] },
}

test.each<[ProxyKind, Cause[], string[]]>([
  ['caddy', ['client-value', 'adds', 'alias', 'connection', 'placeholder', 'secret'], ['caddy/Caddyfile']],
  ['haproxy', ['client-value', 'adds', 'alias', 'secret'], ['haproxy/haproxy.cfg']],
  [
    'apache',
    ['client-value', 'adds', 'alias', 'connection', 'placeholder', 'secret'],
    ['apache/porchlight.conf'],
  ],
  [
    'nginx',
    ['client-value', 'adds', 'lost', 'secret'],
    ['nginx/porchlight.conf', 'nginx/porchlight-identity.conf'],
  ],
])('the lines that mend %s are the lines of its recipe', (proxy, causes, files) => {
  const lines = new Set(recipe(...files))
  for (const cause of causes) {
    const mend = mendFor(cause, proxy, policy)
    expect(mend?.lines.length).toBeGreaterThan(0)
    expect(mend?.lines.filter((line) => !lines.has(line.trim()))).toEqual([])
  }
})

test('other header names are mended by their own names', () => {
  const headers = { email: 'x-authentik-email', name: 'x-authentik-name' }
  expect(mendFor('client-value', 'haproxy', { ...policy, headers })?.lines).toEqual([
    'http-request del-header ^x[^a-z0-9]authentik[^a-z0-9] -m reg',
  ])
  const mixed = { email: 'x-forwarded-email', id: 'x-forwarded-user' }
  expect(mendFor('client-value', 'caddy', { ...policy, headers: mixed })?.lines).toContain(
    'request_header -X_Forwarded_Email',
  )
})

test('where nothing is known, nothing is proposed', () => {
  expect(mendFor('client-value', 'unknown', policy)).toBeUndefined()
})
