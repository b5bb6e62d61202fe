import { expect, test } from 'vitest'
import { extensionOf, mediaTypeOf, mediaTypes } from './media-types.ts'

test.each([
  ['IMG_1.JPG', 'IMAGE', 'image/jpeg'],
  ['a.b.heic', 'IMAGE', 'image/heic'],
  ['clip.MOV', 'VIDEO', 'video/quicktime'],
])('%s is an %s', (name, type, mimeType) => {
  expect(mediaTypeOf(name)).toEqual({ type, mimeType })
})

test.each(['notes.txt', 'photo', '.', 'evil.jpg/../../x', 'x.constructor', 'x.__proto__', 'page.html'])(
  '%s is not taken in',
  (name) => {
    expect(mediaTypeOf(name)).toBeUndefined()
  },
)

test('the published list has one sidecar, and every other extension has a type', () => {
  expect(mediaTypes.sidecar).toEqual(['.xmp'])
  expect([mediaTypes.image.length, mediaTypes.video.length]).toEqual([48, 20])
  for (const extension of mediaTypes.image) expect(mediaTypeOf(`x${extension}`)?.type).toBe('IMAGE')
  for (const extension of mediaTypes.video) expect(mediaTypeOf(`x${extension}`)?.type).toBe('VIDEO')
  expect(extensionOf('X.JPeG')).toBe('.jpeg')
})
