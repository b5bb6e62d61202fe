import { expect, it } from 'vitest'
import type { Field, Section } from './setting-fields.ts'
import { findSettings } from './settings-search.ts'

const field = (path: string, title: string, help: string, environment: string[] = []): Field => ({
  path,
  title,
  help,
  kind: 'text',
  choices: [],
  default: '',
  environment,
})
const header: Section = {
  key: 'trustedHeader',
  slug: 'trusted-header',
  title: 'Trusted header',
  help: '',
  fields: [
    field('trustedHeader.secret.values', 'Secret', 'Known to the networks of nobody'),
    field('trustedHeader.networks', 'Trusted networks', 'Where the proxy calls from', [
      'PORCHLIGHT_TRUSTED_NETWORKS',
    ]),
  ],
}
const find = (typed: string) => findSettings([header], typed).map(({ field }) => field.title)

it.each([
  ['networks', ['Trusted networks', 'Secret']],
  ['NETWORKS proxy', ['Trusted networks']],
  ['porchlight_trusted', ['Trusted networks']],
  ['secret.values', ['Secret']],
  ['no such thing', []],
  ['   ', []],
])('typing %j finds %j', (typed, found) => {
  expect(find(typed)).toEqual(found)
})
