import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { continuePath } from './continue-path.ts'

describe('where to go after signing in', () => {
  it.each([
    ['/photos/7a48769d', '/photos/7a48769d'],
    ['/admin/users?x=1#top', '/admin/users?x=1#top'],
    ['/photos?next=https://elsewhere.example', '/photos?next=https://elsewhere.example'],
  ])('leads back to %s', (wanted, target) => {
    expect(continuePath(wanted)).toBe(target)
  })

  it.each([
    null,
    '',
    'photos',
    'https://elsewhere.example/',
    '//elsewhere.example',
    '///elsewhere.example',
    '/\\elsewhere.example',
    '\\/elsewhere.example',
    '/\t/elsewhere.example',
    '/\n/elsewhere.example',
    '/..//elsewhere.example',
    '/.//elsewhere.example',
    'javascript:alert(1)',
    '/auth/login?continue=/auth/login',
  ])('leads home instead of to %j', (wanted) => {
    expect(continuePath(wanted)).toBe('/photos')
  })

  it('never leads to another site, whatever is wanted', () => {
    const parts = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '\t',
      '@',
      ':',
      '%2f',
      '?',
      '#',
      'elsewhere.example',
      'https:',
      ' ',
    )
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 8 }), (wanted) => {
        const target = continuePath(wanted.join(''))
        expect(new URL(target, 'https://photos.example').origin).toBe('https://photos.example')
      }),
      { numRuns: 3_000 },
    )
  })
})
