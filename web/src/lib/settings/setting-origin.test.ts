import { describe, expect, it } from 'vitest'
import { lockOf, originOf } from './setting-origin.ts'

const path = 'trustedHeader.networks'

describe('what cannot be changed here', () => {
  it('says which variable or file set it', () => {
    expect(lockOf({ [path]: { source: 'environment', name: 'PORCHLIGHT_TRUSTED_NETWORKS' } }, path)).toBe(
      'Set by PORCHLIGHT_TRUSTED_NETWORKS',
    )
    expect(lockOf({ [path]: { source: 'file', name: '/etc/porchlight.yaml' } }, path)).toBe(
      'Set in /etc/porchlight.yaml',
    )
    expect(lockOf({ [path]: { source: 'file' } }, path)).toBe('Set in the config file')
  })

  it('does not lock what is stored, from a preset, default or unknown', () => {
    for (const source of ['stored', 'preset', 'default'] as const)
      expect(lockOf({ [path]: { source } }, path)).toBeUndefined()
    expect(lockOf({}, path)).toBeUndefined()
  })

  it('says what came from where among the rest', () => {
    expect(originOf({ [path]: { source: 'preset', name: 'Authelia' } }, path)).toBe(
      'From the preset Authelia',
    )
    expect(originOf({ [path]: { source: 'preset' } }, path, 'Authelia')).toBe('From the preset Authelia')
    expect(originOf({ [path]: { source: 'stored' } }, path)).toBe('Changed here')
    expect(originOf({ [path]: { source: 'default' } }, path)).toBeUndefined()
  })
})
