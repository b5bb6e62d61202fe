import { expect, test } from 'vitest'
import { oauthSettings } from './oauth-settings.ts'
import { systemConfigDefaults } from './system-config.ts'

const good = {
  ...systemConfigDefaults.oauth,
  enabled: true,
  issuerUrl: 'https://auth.home.example',
  clientId: 'porchlight',
}
const problems = (changes: Record<string, unknown>) =>
  oauthSettings.safeParse({ ...good, ...changes }).error?.issues.map(({ path }) => path.join('.')) ?? []

test.each([
  ['an issuer by https', {}],
  [
    'the address of its description',
    { issuerUrl: 'https://auth.home.example/.well-known/openid-configuration' },
  ],
  ['an issuer of this network, by http', { issuerUrl: 'http://10.3.3.9:9000', allowInsecureRequests: true }],
  ['a container, by http', { issuerUrl: 'http://keycloak:8080', allowInsecureRequests: true }],
  ['nothing while it is off', { enabled: false, issuerUrl: '', clientId: '' }],
  ['a public client', { clientSecret: '' }],
  [
    'a page that brings phones back',
    { mobileRedirectUri: 'https://photos.example.com/api/oauth/mobile-redirect' },
  ],
  ['an app of another name', { mobileRedirectUri: 'org.example.photos:/back' }],
  ['no limit for newcomers', { defaultStorageQuota: null }],
])('the settings take %s', (_, changes) => {
  expect(problems(changes)).toEqual([])
})

test.each([
  ['no issuer', { issuerUrl: '' }, 'issuerUrl'],
  ['no client', { clientId: '' }, 'clientId'],
  ['an issuer without an address', { issuerUrl: 'auth.home.example' }, 'issuerUrl'],
  ['an issuer in a file', { issuerUrl: '/etc/issuer.json' }, 'issuerUrl'],
  ['an issuer that the token chooses', { issuerUrl: 'https://auth.home.example/{kid}' }, 'issuerUrl'],
  [
    'an issuer of the internet by http',
    { issuerUrl: 'http://auth.example.com', allowInsecureRequests: true },
    'issuerUrl',
  ],
  ['http that nobody allowed', { issuerUrl: 'http://10.3.3.9' }, 'issuerUrl'],
  ['scopes without openid', { scope: 'email profile' }, 'scope'],
  ['tokens that nobody signed', { signingAlgorithm: 'none' }, 'signingAlgorithm'],
  ['tokens signed with the client secret', { signingAlgorithm: 'HS256' }, 'signingAlgorithm'],
  ['an endless wait', { timeout: 3_600_000 }, 'timeout'],
  ['a sign-out that is a script', { endSessionEndpoint: 'javascript:alert(1)' }, 'endSessionEndpoint'],
  ['a way back that is a script', { mobileRedirectUri: 'javascript://x/%0aalert(1)' }, 'mobileRedirectUri'],
  ['a way back that is missing', { mobileOverrideEnabled: true }, 'mobileRedirectUri'],
])('the settings refuse %s, and name the field', (_, changes, field) => {
  expect(problems(changes)).toEqual([field])
})
