import { describe, expect, it } from 'vitest'
import { hasIdentity, proposalOf } from './header-proposal.ts'
import { proxyKindOf } from './proxy-kind.ts'

const proposals = { network: '172.18.0.4/32', preset: 'authelia', headers: { email: 'remote-email' } }

const bare = { provenance: {}, origin: 'http://10.0.0.5:2283', externalDomain: '' }

describe('the first run behind a proxy', () => {
  it('proposes the narrowest network and the login service it knows by its headers', () => {
    expect(proposalOf({ proposals }, bare)).toEqual([
      ['trustedHeader.enabled', true],
      ['trustedHeader.preset', 'authelia'],
      ['trustedHeader.networks', ['172.18.0.4/32']],
    ])
  })

  it('names the headers one by one where it does not know who sends them', () => {
    const headers = { email: 'x-mail', groups: 'x-teams' }
    expect(proposalOf({ proposals: { headers } }, bare)).toEqual([
      ['trustedHeader.enabled', true],
      ['trustedHeader.headers.email', 'x-mail'],
      ['trustedHeader.headers.groups', 'x-teams'],
    ])
  })

  it('leaves alone what the environment sets', () => {
    const provenance = { 'trustedHeader.networks': { source: 'environment', name: 'NETS' } } as const
    expect(proposalOf({ proposals }, { ...bare, provenance }).map(([path]) => path)).not.toContain(
      'trustedHeader.networks',
    )
  })

  it('takes the address it was opened under for the public one, where it is one and none is set', () => {
    const domain = (externalDomain: string, origin = 'https://photos.example.com') =>
      Object.fromEntries(proposalOf({ proposals }, { ...bare, origin, externalDomain }))[
        'server.externalDomain'
      ]
    expect(domain('')).toBe('https://photos.example.com')
    expect(domain('https://other.example')).toBeUndefined()
    expect(domain('', 'http://10.0.0.5:2283')).toBeUndefined()
  })

  it('knows whether anybody is named at all', () => {
    expect(hasIdentity({ proposals })).toBe(true)
    expect(hasIdentity({ proposals: { network: '10.0.0.1/32', headers: { name: 'x-name' } } })).toBe(false)
  })
})

it.each([
  [{ Server: 'Caddy', Via: '1.1 Caddy' }, 'caddy'],
  [{ Via: '1.1 Caddy' }, 'caddy'],
  [{ Server: 'nginx/1.22.1' }, 'nginx'],
  [{ Server: 'Apache/2.4.57 (Debian)' }, 'apache'],
  [{}, 'unknown'],
])('answers with %j came through %s', (headers, kind) => {
  expect(proxyKindOf(new Headers(headers))).toBe(kind)
})
