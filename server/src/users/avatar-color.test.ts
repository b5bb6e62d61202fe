import { expect, test } from 'vitest'
import { avatarColorFor } from './avatar-color.ts'

test.each([
  ['admin@example.com', 'gray'],
  ['grandma@example.com', 'orange'],
  ['', 'primary'],
])('%s has the colour that Immich’s clients know', (email, color) => {
  expect(avatarColorFor(email)).toBe(color)
})
