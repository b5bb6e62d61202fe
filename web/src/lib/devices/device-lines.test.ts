import { expect, test } from 'vitest'
import { textForDevice } from './device-lines.ts'

test('the text for a machine names the address and the secret as Immich’s command line reads them', () => {
  const origin = 'https://photos.example.com'
  expect(textForDevice({ secret: 'abc', header: 'x-api-key' }, origin)).toBe(
    'IMMICH_INSTANCE_URL=https://photos.example.com/api\nIMMICH_API_KEY=abc',
  )
  expect(textForDevice({ secret: 'abc', header: 'x-immich-user-token' }, origin)).toContain(
    'IMMICH_SESSION_TOKEN=abc',
  )
})
