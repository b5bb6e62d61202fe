import { describe, expect, it } from 'vitest'
import { narrowestNetwork, withNetwork } from './peer-network.ts'

describe('“use this peer”', () => {
  it.each([
    ['10.3.3.7', '10.3.3.7/32'],
    ['::ffff:172.18.0.4', '172.18.0.4/32'],
    ['fd00:3::7', 'fd00:3::7/128'],
    ['fe80::1%eth0', 'fe80::1/128'],
  ])('proposes for %s only %s', (peer, network) => {
    expect(narrowestNetwork(peer)).toBe(network)
  })

  it('adds it once', () => {
    expect(withNetwork(['10.3.3.0/24'], '10.1.1.1/32')).toEqual(['10.3.3.0/24', '10.1.1.1/32'])
    expect(withNetwork(['10.1.1.1/32'], '10.1.1.1/32')).toEqual(['10.1.1.1/32'])
  })
})
