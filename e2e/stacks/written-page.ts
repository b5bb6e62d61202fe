import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const docs = join(import.meta.dirname, '../../docs')

/** What a page of the docs says that the tests measure; with `UPDATE_DOCS=1` it says this from now on. */
export function writtenPage(name: string, text: string): string {
  const file = join(docs, name)
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, text)
  return readFileSync(file, 'utf8')
}
