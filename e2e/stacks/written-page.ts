import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'

const docs = join(import.meta.dirname, '../../docs')

/** A page that the tests measure: `UPDATE_DOCS=1` writes it, and otherwise it must say what was measured. */
export function expectWrittenPage(name: string, text: string): void {
  const file = join(docs, name)
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, text)
  expect(readFileSync(file, 'utf8')).toBe(text)
}
