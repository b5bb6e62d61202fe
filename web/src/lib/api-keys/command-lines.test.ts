import { expect, it } from 'vitest'
import { commandLines } from './command-lines.ts'

it('signs the command line in where the person is now, with the new key', () => {
  const [login] = commandLines({ origin: 'https://photos.home.example:8443', secret: 'abc123' })
  expect(login).toBe('npx @immich/cli login https://photos.home.example:8443/api abc123')
})

it('does not let a secret that begins with a dash be taken for an option', () => {
  const [login] = commandLines({ origin: 'http://nas:2283', secret: '-abc' })
  expect(login).toBe('npx @immich/cli login -- http://nas:2283/api -abc')
})

it('keeps the secret out of the line that uploads', () => {
  const [, upload] = commandLines({ origin: 'https://photos.home.example', secret: 'abc123' })
  expect(upload).toMatch(/^npx @immich\/cli upload .*--album/)
  expect(upload).not.toContain('abc123')
})
