import { expect, test } from 'vitest'
import { isOver, linkAddress, linkBody, optionsOf, usualOptions } from './link-options.ts'

test('what is left empty is none, and a link without metadata lends no files', () => {
  expect(linkBody(usualOptions)).toEqual({
    description: null,
    slug: null,
    password: null,
    expiresAt: null,
    allowUpload: false,
    allowDownload: true,
    showMetadata: true,
  })
  expect(linkBody({ ...usualOptions, showMetadata: false }).allowDownload).toBe(false)
})

test('the day on which a link ends is the same when it is edited', () => {
  const expiresAt = '2026-12-24T17:30:00.000Z'
  const link = {
    id: 'x',
    type: 'ALBUM',
    key: 'k',
    slug: null,
    description: 'Hi',
    password: '********',
  } as const
  const rest = { createdAt: '', assets: [], allowUpload: true, allowDownload: false, showMetadata: true }
  const options = optionsOf({ ...link, ...rest, expiresAt })
  expect(options.until).toMatch(/^2026-12-2\dT\d\d:30$/)
  expect(linkBody(options)).toMatchObject({ expiresAt, password: '********', description: 'Hi', slug: null })
})

test('people are sent the short address where there is one', () => {
  expect(linkAddress('https://photos.example', { key: 'abc', slug: null })).toBe(
    'https://photos.example/share/abc',
  )
  expect(linkAddress('https://photos.example', { key: 'abc', slug: 'summer' })).toBe(
    'https://photos.example/s/summer',
  )
})

test('a link is over from the moment it names', () => {
  const at = Date.parse('2026-12-24T17:30:00Z')
  expect(isOver({ expiresAt: null }, at)).toBe(false)
  expect(isOver({ expiresAt: '2026-12-24T17:30:00.000Z' }, at)).toBe(true)
  expect(isOver({ expiresAt: '2026-12-24T17:30:00.001Z' }, at)).toBe(false)
})
