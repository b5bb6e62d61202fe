import { expect, test } from 'vitest'
import { readableBytes } from './disk.ts'

test.each([
  [0, '0.0 B'],
  [1023, '1023.0 B'],
  [1024, '1.0 KiB'],
  [1536, '1.5 KiB'],
  [76_745_826_304, '71.5 GiB'],
  [270_553_174_016, '252.0 GiB'],
  [32_198_467_584, '30.0 GiB'],
  [2 ** 70, '1048576.0 PiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(readableBytes(bytes)).toBe(text)
})
