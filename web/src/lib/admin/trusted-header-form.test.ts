import { describe, expect, it } from 'vitest'
import type { SystemConfigDto } from '../api/api-types.ts'
import { errorsByField } from '../ui/field-errors.ts'
import {
  formFields,
  lockOf,
  narrowestNetwork,
  splitNetworks,
  toConfig,
  toForm,
  withNetwork,
} from './trusted-header-form.ts'

const config: SystemConfigDto = {
  ffmpeg: { crf: 23 },
  trustedHeader: {
    enabled: false,
    networks: ['10.3.3.0/24', 'fd00:3::/32'],
    headers: { email: 'remote-email' },
    signOutUrl: '',
    autoRegister: true,
  },
}

describe('the trusted-header form', () => {
  it('gives back the document it got when nothing was changed', () => {
    expect(toConfig(config, toForm(config.trustedHeader))).toEqual(config)
  })

  it('keeps the sections and headers it does not know', () => {
    const headers = { email: 'remote-email', name: 'remote-name' }
    const richer = { ...config, trustedHeader: { ...config.trustedHeader, headers, onConflict: 'refuse' } }
    const form = { ...toForm(richer.trustedHeader), enabled: true, emailHeader: ' x-email ' }
    expect(toConfig(richer, form)).toEqual({
      ffmpeg: { crf: 23 },
      trustedHeader: {
        ...richer.trustedHeader,
        enabled: true,
        headers: { email: 'x-email', name: 'remote-name' },
      },
    })
  })

  it('takes networks one per line or by commas, and leaves judging them to the server', () => {
    expect(splitNetworks(' 10.3.3.0/24,\n\n10.0.0.0/33 , nonsense ')).toEqual([
      '10.3.3.0/24',
      '10.0.0.0/33',
      'nonsense',
    ])
  })
})

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
    expect(withNetwork('10.3.3.0/24', '10.1.1.1/32')).toBe('10.3.3.0/24\n10.1.1.1/32')
    expect(withNetwork('10.1.1.1/32', '10.1.1.1/32')).toBe('10.1.1.1/32')
    expect(withNetwork('', '10.1.1.1/32')).toBe('10.1.1.1/32')
  })
})

describe('what cannot be changed here', () => {
  const path = formFields.networks

  it('says which variable or file set it', () => {
    expect(lockOf({ [path]: { source: 'environment', name: 'PORCHLIGHT_TRUSTED_NETWORKS' } }, path)).toBe(
      'Set by PORCHLIGHT_TRUSTED_NETWORKS',
    )
    expect(lockOf({ [path]: { source: 'file', name: 'porchlight.yaml' } }, path)).toBe(
      'Set by the config file (porchlight.yaml)',
    )
  })

  it('does not lock what is stored, default or unknown', () => {
    expect(lockOf({ [path]: { source: 'stored' } }, path)).toBeUndefined()
    expect(lockOf({ [path]: { source: 'default' } }, path)).toBeUndefined()
    expect(lockOf({}, path)).toBeUndefined()
  })
})

describe('errors beside their fields', () => {
  const fields = Object.values(formFields)

  it('finds the field of a list’s entry', () => {
    const errors = [
      { path: ['trustedHeader', 'networks', 0], message: 'bad one' },
      { path: ['trustedHeader', 'networks', 2], message: 'bad two' },
      { path: ['trustedHeader', 'headers', 'email'], message: 'bad name' },
    ]
    expect(errorsByField(errors, fields)).toEqual({
      'trustedHeader.networks': 'bad one bad two',
      'trustedHeader.headers.email': 'bad name',
    })
  })

  it('swallows nothing that belongs to no field', () => {
    expect(errorsByField([{ path: ['ffmpeg', 'crf'], message: 'too big' }], fields)).toEqual({
      '': 'ffmpeg.crf: too big',
    })
  })
})
