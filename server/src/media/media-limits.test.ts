import { expect, test } from 'vitest'
import { defaultLimitMs } from './media-limits.ts'

test.each([
  ['a drawing', 'image/svg+xml', 'IMAGE', 10],
  ['a photo', 'image/jpeg', 'IMAGE', 30],
  ['a photo of an iPhone', 'image/heic', 'IMAGE', 60],
  ['a video', 'video/mp4', 'VIDEO', 90],
] as const)('%s holds the others up for at most so many seconds', (_, mimeType, type, seconds) => {
  const tools = { ffmpeg: 'ffmpeg', ffprobe: 'ffprobe' }
  const task = { kind: 'metadata', original: { path: '/a', mimeType, type }, tools } as const
  expect(defaultLimitMs(task)).toBe(seconds * 1_000)
})
