import { expect, test } from 'vitest'
import { systemConfigDefaults } from '../config/system-config.ts'
import { policyOf } from '../config/trusted-header-policy.ts'
import { whereSignOutGoes } from './sign-out-target.ts'

const portal = 'https://auth.home.example/logout?rd={return}'

type Asked = {
  host?: string
  https?: boolean
  from?: string
  signOutUrl?: string
  allowedHosts?: string[]
  externalDomain?: string
}

function goesTo({
  host = 'b.example',
  https = false,
  from = '10.3.3.7',
  externalDomain = '',
  ...section
}: Asked): string {
  const trustedHeader = {
    ...systemConfigDefaults.trustedHeader,
    networks: ['10.3.3.7/32'],
    signOutUrl: portal,
    ...section,
  }
  const config = {
    ...systemConfigDefaults,
    trustedHeader,
    server: { ...systemConfigDefaults.server, externalDomain },
  }
  const headers = { host, ...(https && { 'x-forwarded-proto': 'https' }) }
  const raw = { socket: { remoteAddress: from }, rawHeaders: [] } as never
  return whereSignOutGoes({ headers, raw }, { config, policy: policyOf(config) })
}
const back = (origin: string) =>
  `https://auth.home.example/logout?rd=${encodeURIComponent(`${origin}/auth/signed-out`)}`

test.each<[string, Asked, string]>([
  ['nowhere but here, where no login service is named', { signOutUrl: '' }, '/auth/signed-out'],
  ['to a path of this host', { signOutUrl: '/oauth2/sign_out' }, '/oauth2/sign_out'],
  ['back to the name we were called by', {}, back('http://b.example')],
  ['back by https, where the proxy says so', { https: true }, back('https://b.example')],
  ['back by http, where a stranger says https', { https: true, from: '10.9.9.9' }, back('http://b.example')],
  [
    'back to the external domain, whatever we were called',
    { externalDomain: 'https://photos.example/', host: 'evil.example' },
    back('https://photos.example'),
  ],
  [
    'back to an allowed host with its port',
    { allowedHosts: ['b.example'], host: 'B.example:8443' },
    back('http://b.example:8443'),
  ],
  [
    'back to the first allowed host, where the name was made up',
    { allowedHosts: ['a.example', 'b.example'], host: 'evil.example' },
    back('http://a.example'),
  ],
  [
    'back to an allowed host, where the name has something like a port in its middle',
    { allowedHosts: ['a.example', 'b.example'], host: 'b.ex:1ample' },
    back('http://a.example'),
  ],
  [
    'back to an allowed host, where the name only ends like it',
    { allowedHosts: ['b.example'], host: 'evilb.example' },
    back('http://b.example'),
  ],
])('signing out goes %s', (_where, asked, target) => {
  expect(goesTo(asked)).toBe(target)
})
