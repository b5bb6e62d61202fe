import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { listGroups, partGroups, readGroups } from './groups.ts'

const bytesOf = (text: string) => Buffer.from(text, 'utf8').toString('latin1')

describe('the groups of a person', () => {
  test.each<[string, string, string[]]>([
    ['family', ',', ['family']],
    ['family,admins', ',', ['family', 'admins']],
    ['family, admins ,\tfriends', ',', ['family', 'admins', 'friends']],
    ['Family,family', ',', ['Family', 'family']],
    ['family,family,admins', ',', ['family', 'admins']],
    ['admins,family,admins', ',', ['admins', 'family']],
    ['family,,admins, ,', ',', ['family', 'admins']],
    ['family|admins', '|', ['family', 'admins']],
    ['family,admins|friends', '|', ['family,admins', 'friends']],
    ['users; timelords', ';', ['users', 'timelords']],
    ['users; timelords', '; ', ['users', 'timelords']],
    ['users timelords', ' ', ['users', 'timelords']],
    ['home users,admins', ',', ['home users', 'admins']],
    ['family,admins', '', ['family,admins']],
    ['none of these', ',', ['none of these']],
    [bytesOf('Famille Zoë,祖母'), ',', ['Famille Zoë', '祖母']],
    ['', ',', []],
    [' \t', ',', []],
    [',', ',', []],
  ])('%j by %j are %j', (line, separator, groups) => {
    expect(readGroups(line, separator)).toEqual(groups)
  })

  test.each([
    '-',
    'null',
    ' (null) ',
    '{http.reverse_proxy.header.Remote-Groups}',
    '%{groups}e',
    'zo\u00eb',
    '\u0141',
  ])('%j says nothing of groups', (line) => {
    expect(readGroups(line, ',')).toBeUndefined()
  })

  test('are at most 500 different ones', () => {
    const numbers = Array.from({ length: 500 }, (_, index) => `g${index}`)
    expect(readGroups([...numbers, 'g7'].join(), ',')).toEqual(numbers)
    expect(readGroups([...numbers, 'g500'].join(), ',')).toBeUndefined()
    expect(listGroups([...numbers, 'g500'])).toBeUndefined()
  })

  test('are at most 16 kB together', () => {
    expect(readGroups('x'.repeat(16_384), ',')).toEqual(['x'.repeat(16_384)])
    expect(readGroups(`${'x'.repeat(16_384)},`, ',')).toBeUndefined()
    expect(listGroups(['x'.repeat(16_000), 'y'.repeat(384)])).toHaveLength(2)
    expect(listGroups(['x'.repeat(16_000), 'y'.repeat(385)])).toBeUndefined()
  })

  test('cannot be changed by who reads them, since they are remembered', () => {
    const groups = partGroups('family', ',') as string[]
    expect(() => groups.push('admins')).toThrow(TypeError)
  })

  test('come apart as they were put together', () => {
    const group = fc
      .string({ minLength: 1 })
      .filter((text) => !/[,]/.test(text) && /^[^\t ](.*[^\t ])?$/.test(text))
    const groups = fc.uniqueArray(group, { minLength: 2, maxLength: 20 })
    fc.assert(
      fc.property(groups, fc.constantFrom(',', ', ', ' ,\t'), (groups, join) => {
        fc.pre(!/^(?:[{$]|%[{[(])/.test(groups[0] ?? ''))
        expect(readGroups(bytesOf(groups.join(join)), ',')).toEqual(groups)
      }),
    )
  })
})
