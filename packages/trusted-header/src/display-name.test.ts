import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cleanName, readName } from './display-name.ts'
import type { NameEncoding } from './policy.ts'

const bytesOf = (text: string) => Buffer.from(text, 'utf8').toString('latin1')
const base64Of = (text: string) => Buffer.from(text, 'utf8').toString('base64')

describe('a name is read', () => {
  test.each<[NameEncoding, string, string]>([
    ['utf-8', 'Anna', 'Anna'],
    ['utf-8', ' Anna Smith\t', 'Anna Smith'],
    ['utf-8', 'Smith, Anna', 'Smith, Anna'],
    ['utf-8', bytesOf('Oma Zoë'), 'Oma Zoë'],
    ['utf-8', bytesOf('祖母 💩'), '祖母 💩'],
    ['utf-8', 'Zo%C3%AB', 'Zo%C3%AB'],
    ['utf-8', '=?utf-8?q?Zo=C3=AB?=', '=?utf-8?q?Zo=C3=AB?='],
    ['utf-8', bytesOf('Zoe\u0308'), 'Zoë'],
    ['latin1', 'Zo\u00eb', 'Zoë'],
    ['latin1', bytesOf('Zoë'), 'Zoë'],
    ['latin1', 'Anna', 'Anna'],
    ['latin1', '\u00ff\u00e0', 'ÿà'],
    ['rfc2047', 'Anna', 'Anna'],
    ['rfc2047', bytesOf('Zoë'), 'Zoë'],
    ['rfc2047', '=?utf-8?q?Oma_Zo=C3=AB?=', 'Oma Zoë'],
    ['percent', 'Oma%20Zo%C3%AB', 'Oma Zoë'],
    ['percent', 'Oma%20Zo%c3%ab', 'Oma Zoë'],
    ['percent', 'Anna+Smith', 'Anna+Smith'],
    ['percent', '100%25', '100%'],
    ['percent', bytesOf('Zoë'), 'Zoë'],
    ['percent', `${bytesOf('Zoë')}%20S`, 'Zoë S'],
    ['base64', base64Of('Oma Zoë'), 'Oma Zoë'],
    ['base64', base64Of('Oma Zo').replace(/=+$/, ''), 'Oma Zo'],
    ['base64', base64Of('ÿ?>ÿ'), 'ÿ?>ÿ'],
    ['base64', base64Of('ÿ?>ÿ').replaceAll('/', '_').replaceAll('+', '-'), 'ÿ?>ÿ'],
    ['base64', bytesOf('Zoë'), 'Zoë'],
    ['base64', 'QW5uYQ==', 'Anna'],
    ['base64', 'QW5uYQ', 'Anna'],
    ['base64', 'QW5uYTE=', 'Anna1'],
  ])('as %s: %j is %s', (encoding, line, name) => {
    expect(readName(line, encoding)).toBe(name)
  })

  test.each<[NameEncoding, string, string]>([
    ['utf-8', 'Zo\u00eb', 'latin1 letters'],
    ['utf-8', 'Z\u0141', 'a character that is no byte'],
    ['latin1', 'Z\u0141', 'a character that is no byte'],
    ['rfc2047', 'Zo\u00eb', 'latin1 letters'],
    ['rfc2047', '=?koi8-r?q?=C3?=', 'a charset that is not read'],
    ['percent', '100%', 'a percent sign alone'],
    ['percent', '%4', 'half an escape'],
    ['percent', '%zz', 'an escape of letters'],
    ['percent', '%C3', 'half a letter'],
    ['percent', '%EB', 'a latin1 letter'],
    ['base64', 'Anna', 'a name that was not encoded'],
    ['base64', 'Oma Zo', 'blanks'],
    ['base64', 'QW5uYQ=', 'padding too short'],
    ['base64', 'QW5u=', 'padding where there is none'],
    ['base64', 'QW5uYR==', 'bits too many'],
    ['base64', 'QW5uYQ===', 'padding too long'],
    ['base64', 'w6s_w6s=+', 'padding inside'],
    ['base64', 'QW==5uYQ', 'padding inside, as many digits as there must be'],
    ['base64', '6w==', 'a latin1 letter'],
    ['base64', 'zo\u00eb', 'latin1 letters'],
  ])('not as %s: %j (%s)', (encoding, line) => {
    expect(readName(line, encoding)).toBeUndefined()
  })

  test.each<NameEncoding>(['utf-8', 'latin1', 'rfc2047', 'percent', 'base64'])(
    'as %s: an empty line is an empty name, a placeholder is none',
    (encoding) => {
      expect(readName('', encoding)).toBe('')
      expect(readName(' \t', encoding)).toBe('')
      for (const line of ['-', '(null)', '{http.reverse_proxy.header.Remote-Name}', '%{OIDC_CLAIM_name}e'])
        expect(readName(line, encoding)).toBeUndefined()
    },
  )

  test('but not when it comes to a placeholder, or to nothing', () => {
    expect(readName(base64Of('(null)'), 'base64')).toBeUndefined()
    expect(readName('%28null%29', 'percent')).toBeUndefined()
    expect(readName('%7Bname%7D', 'percent')).toBeUndefined()
    expect(readName('%20', 'percent')).toBeUndefined()
    expect(readName(bytesOf('\u202e\u200f'), 'utf-8')).toBeUndefined()
  })

  test('whatever anybody is called, in every encoding that can write it', () => {
    const letter = fc.constantFrom(...Array.from('Anna Zoë祖母💩,;=?_%+/<>"\'()'))
    const name = fc.string({ unit: letter, minLength: 1 }).map((text) => `A${text.trim()}`.normalize('NFC'))
    fc.assert(
      fc.property(name, (name) => {
        const long = Array.from(name).slice(0, 256).join('').trim()
        expect(readName(bytesOf(name), 'utf-8')).toBe(long)
        expect(readName(encodeURIComponent(name), 'percent')).toBe(long)
        expect(readName(base64Of(name), 'base64')).toBe(long)
        expect(readName(`=?UTF-8?B?${base64Of(name)}?=`, 'rfc2047')).toBe(long)
      }),
    )
  })
})

describe('a name as people see it', () => {
  test.each([
    ['Anna\u0000', 'Anna'],
    ['An\u001bna\u007f\u0085', 'Anna'],
    ['Anna\r\nSmith', 'AnnaSmith'],
    ['An\u2028na\u2029', 'Anna'],
    ['\ufeffAnna', 'Anna'],
    ['\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202eannA\u2066\u2067\u2068\u2069', 'annA'],
    ['Anna\ud800', 'Anna'],
    ['\udc00Anna', 'Anna'],
    ['💩\u200d💩', '💩\u200d💩'],
    ['\u00a0Anna\u3000', 'Anna'],
    ['e\u202e\u0301', 'é'],
    ['ﬁ', 'ﬁ'], // NFC keeps what NFKC would fold
    ['', ''],
    ['\u0000 ', ''],
  ])('%j is %j', (text, name) => {
    expect(cleanName(text)).toBe(name)
  })

  test('is at most 256 characters, none of them cut in two', () => {
    expect(cleanName('x'.repeat(256))).toBe('x'.repeat(256))
    expect(cleanName('x'.repeat(257))).toBe('x'.repeat(256))
    expect(cleanName('💩'.repeat(300))).toBe('💩'.repeat(256))
    expect(cleanName(`${'x'.repeat(255)} y`)).toBe('x'.repeat(255))
  })

  test('is no placeholder', () => {
    for (const text of ['-', 'null', ' (null) ', '{name}', '$name', 'none\u0000'])
      expect(cleanName(text)).toBeUndefined()
  })

  test('stays as it is when it is looked at again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const name = cleanName(text)
        fc.pre(name !== undefined)
        expect(cleanName(name)).toBe(name)
        expect(name.isWellFormed() && !/[\p{Cc}\u202e]/u.test(name) && Array.from(name).length <= 256).toBe(
          true,
        )
      }),
      { numRuns: 1000 },
    )
  })
})
