import { expect, test } from 'vitest'
import { refuseNobodys } from './nobodys-address.ts'

test.each(['canary@porchlight.invalid', 'x@invalid', 'x@a.b.INVALID'])('%s is nobody’s address', (email) => {
  expect(refuseNobodys({ identity: { email } })).toEqual({ refused: 'bad_email', fromProxy: true })
})

test.each(['gran@home.example', 'gran@notinvalid', 'gran.invalid@home.example', 'gran@invalid.example'])(
  '%s may be somebody’s address',
  (email) => {
    const verdict = { identity: { email } }
    expect(refuseNobodys(verdict)).toBe(verdict)
  },
)

test('what was refused stays refused as it was', () => {
  const verdict = { refused: 'untrusted_peer', fromProxy: false } as const
  expect(refuseNobodys(verdict)).toBe(verdict)
})
