import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as engine from './index.ts'

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')

function tableUnder(heading: string): string[] {
  const section = readme.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  return [...section.matchAll(/^\| (`.*?) +\|/gm)].map(([, cell = '']) => cell)
}

test('the table of reasons lists every code in the order of the questions', () => {
  expect(tableUnder('Why somebody is refused')).toEqual(engine.refusalCodes.map((code) => `\`${code}\``))
})

test('the table of exports lists everything a caller can call', () => {
  const names = tableUnder('What it offers').flatMap((cell) =>
    [...cell.matchAll(/`(\w+)/g)].map(([, name]) => name),
  )
  expect(new Set(names)).toEqual(new Set(Object.keys(engine)))
})

test('the engine needs nothing but Node, and of Node only what does no I/O', () => {
  // The folder `assertion` is another entry, which fetches keys and needs jose.
  const sources = readdirSync(import.meta.dirname).filter((file) => /(?<!\.test)\.ts$/.test(file))
  const imported = sources.flatMap((file) =>
    [...readFileSync(join(import.meta.dirname, file), 'utf8').matchAll(/from '([^']+)'/g)].map(
      ([, name = '']) => name,
    ),
  )
  const outside = new Set(imported.filter((name) => !name.startsWith('./')))
  expect(outside).toEqual(new Set(['node:crypto', 'node:net', 'node:url']))
})
