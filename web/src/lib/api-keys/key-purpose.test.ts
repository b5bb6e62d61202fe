import { describe, expect, it } from 'vitest'
import { describePermissions, keyPurposes, permissionsFor } from './key-purpose.ts'

describe('what a key may do, in a word', () => {
  it.each(keyPurposes)('a key made for “$text” is told by that name', ({ value, text }) => {
    expect(describePermissions(permissionsFor(value))).toBe(text)
  })

  it('does not depend on the order of the words', () => {
    expect(describePermissions(permissionsFor('upload').toReversed())).toBe('Upload from a folder')
  })

  it('calls a key everything as soon as one of its words is “all”', () => {
    expect(describePermissions(['asset.read', 'all'])).toBe('Everything')
  })

  it('tells a key made elsewhere by its own words, wider or narrower', () => {
    expect(describePermissions(['asset.read', 'asset.view'])).toBe('asset.read, asset.view')
    const wider = [...permissionsFor('upload'), 'asset.delete']
    expect(describePermissions(wider)).toBe(wider.join(', '))
    const other = [...permissionsFor('upload').slice(1), 'asset.delete']
    expect(describePermissions(other)).toBe(other.join(', '))
  })
})

it('a key for uploading can neither open, change nor delete a photo, nor make keys', () => {
  const allowed = ['asset.statistics', 'asset.upload']
  const words = permissionsFor('upload').filter((word) => /^(all|asset\.|apiKey\.)/.test(word))
  expect(words.toSorted()).toEqual(allowed)
})
