import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeEncodedWords } from './encoded-words.ts'

test.each([
  ['Anna', 'Anna'],
  ['', ''],
  ['=?utf-8?q?Zo=C3=AB?=', 'Zoë'], // what Tailscale and Go's mime.QEncoding write
  ['=?UTF-8?Q?Zo=c3=ab?=', 'Zoë'],
  ['=?utf-8?b?Wm/Dqw==?=', 'Zoë'],
  ['=?utf-8?B?Wm/Dqw==?=', 'Zoë'],
  ['=?ISO-8859-1?Q?Zo=EB?=', 'Zoë'],
  ['=?us-ascii?q?Anna_Smith?=', 'Anna Smith'],
  ['=?US-ASCII*en?Q?Keith_Moore?=', 'Keith Moore'], // RFC 2231 section 5
  ['=?utf-8?q?a?= =?utf-8?q?b?=', 'ab'], // RFC 2047 section 8, with the next four
  ['=?utf-8?q?a?=  \t=?utf-8?q?b?=', 'ab'],
  ['=?utf-8?q?a_?= =?utf-8?q?b?=', 'a b'],
  ['=?utf-8?q?a?= b', 'a b'],
  ['=?utf-8?q?a?= b =?utf-8?q?c?=', 'a b c'],
  ['b =?utf-8?q?a?=', 'b a'],
  [' =?utf-8?q?a?=', ' a'],
  ['=?utf-8?q??=', ''],
  ['=?utf-8?q?a=3D=3F=5F?=', 'a=?_'],
  ['=?utf-8?x?a?=', '=?utf-8?x?a?='],
  ['=?utf-8?q?a b?=', '=?utf-8?q?a b?='],
  ['=?utf-8?q?a', '=?utf-8?q?a'],
  ['=??q?a?=', '=??q?a?='],
  ['Zoë', 'Zoë'],
])('%j says %j', (text, decoded) => {
  expect(decodeEncodedWords(text)).toBe(decoded)
})

test.each([
  '=?koi8-r?q?=C3?=',
  '=?utf-8?q?=EB?=',
  '=?utf-8?q?Zo=?=',
  '=?utf-8?q?Zo=C?=',
  '=?utf-8?q?Zo=CX?=',
  '=?utf-8?b?Wm/Dqw?=',
  '=?utf-8?b?Wm/Dqx==?=',
  '=?utf-8?b?****?=',
  '=?utf-8?b?6w==?=',
  '=?us-ascii?q?Zo=EB?=',
  '=?us-ascii?q?=80?=',
  'Anna =?utf-8?q?=C3?=',
])('%j cannot be read', (text) => {
  expect(decodeEncodedWords(text)).toBeUndefined()
})

test('what is written as encoded words is read', () => {
  const encodeQ = (text: string) =>
    [...Buffer.from(text)].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
  const word = fc.string({ unit: 'grapheme' }).map((text) => ({
    text,
    forms: [`=?utf-8?q?${encodeQ(text)}?=`, `=?utf-8?b?${Buffer.from(text).toString('base64')}?=`],
  }))
  fc.assert(
    fc.property(fc.array(fc.tuple(word, fc.nat(1))), (words) => {
      const written = words.map(([{ forms }, which]) => forms[which] ?? '').join(' ')
      expect(decodeEncodedWords(written)).toBe(words.map(([{ text }]) => text).join(''))
    }),
  )
})

test('a long run of beginnings costs no time to speak of', () => {
  const text = '=?a?q?'.repeat(20_000)
  expect(decodeEncodedWords(text)).toBe(text)
})
