import { expect, test } from 'vitest'
import { deepMerge, documentOf, leavesOf, type PlainObject } from './deep-merge.ts'

test('the upper document wins, key by key', () => {
  const base = { a: { b: 1, c: 2 }, d: 3 }
  expect(deepMerge(base, { a: { c: 4 }, e: 5 })).toEqual({ a: { b: 1, c: 4 }, d: 3, e: 5 })
  expect(base).toEqual({ a: { b: 1, c: 2 }, d: 3 })
})

test.each<[string, unknown]>([
  ['a list', ['x']],
  ['nothing', null],
  ['a text', 'x'],
  ['an empty list', []],
])('%s replaces a section or a list whole', (_title, value) => {
  expect(deepMerge({ a: { b: 1 }, l: [1, 2] }, { a: value, l: value })).toEqual({ a: value, l: value })
})

test('what is not mentioned stays, also when it is mentioned as undefined', () => {
  expect(deepMerge({ a: 1, b: { c: 2 } }, { a: undefined, b: { c: undefined } })).toEqual({
    a: 1,
    b: { c: 2 },
  })
})

test.each([
  '{"__proto__": {"isAdmin": true}}',
  '{"a": {"__proto__": {"isAdmin": true}}}',
  '{"constructor": {"prototype": {"isAdmin": true}}}',
  '{"a": {"constructor": {"prototype": {"isAdmin": true}}}}',
])('%s gives no object a new property', (text) => {
  const hostile = JSON.parse(text) as PlainObject
  const merged = deepMerge({ a: { b: 1 } }, hostile)
  const rebuilt = documentOf(leavesOf(merged))
  const straight = documentOf(leavesOf(hostile))
  for (const victim of [{}, Object, merged, merged.a, rebuilt, straight]) {
    expect((victim as { isAdmin?: boolean }).isAdmin).toBeUndefined()
  }
})

test('a document taken apart into leaves comes together again', () => {
  const document = { a: { b: { c: 1 }, d: [1, { e: 2 }] }, f: null, toString: { g: 'x' } }
  expect([...leavesOf(document)]).toEqual([
    ['a.b.c', 1],
    ['a.d', [1, { e: 2 }]],
    ['f', null],
    ['toString.g', 'x'],
  ])
  expect(documentOf(leavesOf(document))).toEqual(document)
})
