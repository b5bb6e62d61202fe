import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseQuota } from './quota.ts'

const gibibyte = 1024 ** 3

test.each<[string, number | null]>([
  ['1', gibibyte],
  ['0', 0],
  ['10', 10 * gibibyte],
  ['0.5', gibibyte / 2],
  [' 5\t', 5 * gibibyte],
  ['007', 7 * gibibyte],
  ['500 MiB', 500 * 1024 ** 2],
  ['500MiB', 500 * 1024 ** 2],
  ['500 mib', 500 * 1024 ** 2],
  ['2TB', 2e12],
  ['2 tb', 2e12],
  ['1.5 GB', 1.5e9],
  ['4.35 GB', 4_350_000_000],
  ['1 KB', 1000],
  ['1 KiB', 1024],
  ['1 MB', 1e6],
  ['1 TiB', 1024 ** 4],
  ['1 PB', 1e15],
  ['1 PiB', 1024 ** 5],
  ['123 B', 123],
  ['0.0009 KB', 0],
  ['9007199254740991 B', Number.MAX_SAFE_INTEGER],
  ['unlimited', null],
  ['Unlimited', null],
  [' none ', null],
])('%j is %j', (text, bytes) => {
  expect(parseQuota(text)).toBe(bytes)
})

test.each([
  '',
  ' ',
  '-',
  'null',
  '(null)',
  '-1',
  '+1',
  '1e3',
  '0x10',
  '1,5',
  '1.',
  '.5',
  '1.5.1',
  '5 G',
  '5G',
  'GiB',
  ' MB',
  '5  GiB',
  '5\tGiB',
  '5 GiB GiB',
  '5 iB',
  '5 EB',
  '5 ib',
  'ib',
  '1/2',
  'Infinity',
  'NaN',
  '٣',
  '9007199254740992 B',
  '8388608',
  '12345678901234567 B',
  '1.12345678901234567',
  'unlimited GiB',
  '5,5',
])('%j is no quota', (text) => {
  expect(parseQuota(text)).toBeUndefined()
})

test('whole numbers of every unit are what the unit says', () => {
  const unit = fc.constantFrom<[string, number]>(
    ['B', 1],
    ['kB', 1e3],
    ['MiB', 2 ** 20],
    ['GB', 1e9],
    ['GiB', 2 ** 30],
  )
  fc.assert(
    fc.property(fc.nat(8000), unit, (amount, [name, bytes]) => {
      expect(parseQuota(`${amount} ${name}`)).toBe(amount * bytes)
    }),
  )
})
