import sharp from 'sharp'
import { expect, test } from 'vitest'
import { pictureKindOf } from './picture-kind.ts'

const square = sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })

test.each(['jpeg', 'png', 'gif', 'webp', 'avif'] as const)('a %s is known by how it begins', async (kind) => {
  expect(pictureKindOf(await square.clone().toFormat(kind).toBuffer())).toBe(`image/${kind}`)
})

test.each([
  ['a drawing', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
  ['a drawing with a declaration', '<?xml version="1.0"?><svg/>'],
  ['a page', '<!doctype html>'],
  ['nothing', ''],
  ['a PDF', '%PDF-1.7'],
  ['a film', '\0\0\0\x20ftypisom'],
  ['a picture further on', ' \xff\xd8\xff'],
  ['the beginning of a beginning', '\xff\xd8'],
])('%s is no picture', (_, text) => {
  expect(pictureKindOf(Buffer.from(text, 'latin1'))).toBeUndefined()
})
