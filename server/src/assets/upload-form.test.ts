import { expect, test } from 'vitest'
import { supportedFile } from './upload-form.ts'

test('an ordinary name stays as it is', () => {
  expect(supportedFile('Ümit’s 1. Geburtstag.JPG').name).toBe('Ümit’s 1. Geburtstag.JPG')
  expect(supportedFile(`${'a'.repeat(251)}.jpg`).name).toHaveLength(255)
})

test.each(['a', '🍎'])('a name of very many %s is cut between characters and keeps its extension', (one) => {
  for (const extension of ['.jpg', '.heic']) {
    const { name } = supportedFile(`${one.repeat(10_000)}${extension}`)
    expect(name.length).toBeGreaterThanOrEqual(254)
    expect(name.length).toBeLessThanOrEqual(255)
    expect([name.endsWith(extension), name.isWellFormed()]).toEqual([true, true])
  }
})

test.each(['notes.txt', 'photo', '', 'a\0b.jpg', '\ud83d.jpg'])('%j is refused', (name) => {
  expect(() => supportedFile(name)).toThrow(expect.objectContaining({ status: 400 }) as Error)
})
