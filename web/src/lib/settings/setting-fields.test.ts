import { describe, expect, it } from 'vitest'
import { groupsOf } from './field-groups.ts'
import { sectionsOf, slugOf, type SettingSchema } from './setting-fields.ts'

const schema: SettingSchema = {
  properties: {
    trustedHeader: {
      title: 'Trusted header',
      description: 'Who is there',
      properties: {
        enabled: { title: 'Switch', description: 'On or off', type: 'boolean', default: false },
        networks: {
          title: 'Networks',
          default: [],
          anyOf: [{ type: 'string' }, { type: 'array' }],
          'x-environment': ['PORCHLIGHT_TRUSTED_NETWORKS'],
        },
        headers: {
          title: 'Headers',
          properties: { email: { title: 'E-mail', type: 'string', default: 'remote-email' } },
        },
        secret: { properties: { values: { title: 'Secret', default: [], writeOnly: true } } },
        onConflict: { title: 'Conflict', type: 'string', enum: ['header', 'refuse'], default: 'header' },
        syncProfile: { title: 'Sync', items: { enum: ['name', 'quota'] }, default: ['name'] },
        brandNew: { title: 'Brand new', type: 'string', default: '' },
      },
    },
    theme: {
      title: 'Appearance',
      properties: { css: { type: 'string', contentMediaType: 'text/css', default: '' } },
    },
    audit: { title: 'Audit', properties: { days: { type: 'integer', minimum: 1, default: 90 } } },
    oauth: { properties: { quota: { anyOf: [{ type: 'number' }, { type: 'null' }], default: null } } },
    ffmpeg: { description: 'does nothing here yet', type: 'object' },
  },
}

const sections = sectionsOf(schema)
const [trustedHeader] = sections

describe('a form out of the schema', () => {
  it('has a section for each that does something, under an address of its own', () => {
    expect(sections.map(({ key, slug }) => [key, slug])).toEqual([
      ['trustedHeader', 'trusted-header'],
      ['theme', 'theme'],
      ['audit', 'audit'],
      ['oauth', 'oauth'],
    ])
    expect(slugOf('passwordLogin')).toBe('password-login')
  })

  it('gives each setting the control that fits its values', () => {
    const kinds = sections.flatMap(({ fields }) => fields.map(({ path, kind }) => [path, kind]))
    expect(Object.fromEntries(kinds)).toEqual({
      'trustedHeader.enabled': 'switch',
      'trustedHeader.networks': 'lines',
      'trustedHeader.headers.email': 'text',
      'trustedHeader.secret.values': 'secret',
      'trustedHeader.onConflict': 'choice',
      'trustedHeader.syncProfile': 'choices',
      'trustedHeader.brandNew': 'text',
      'theme.css': 'long-text',
      'audit.days': 'number',
      'oauth.quota': 'number',
    })
  })

  it('shows a setting that nobody has found a place for yet, at the end', () => {
    const groups = trustedHeader ? groupsOf(trustedHeader) : []
    const paths = groups.flatMap(({ fields }) => fields.map(({ path }) => path))
    expect(paths.toSorted()).toEqual(trustedHeader?.fields.map(({ path }) => path).toSorted())
    expect(groups.at(-1)).toMatchObject({ title: 'More', fields: [{ path: 'trustedHeader.brandNew' }] })
    expect(groups[0]?.fields.map(({ path }) => path)).toEqual(['trustedHeader.enabled'])
  })
})
