import { expect, test } from 'vitest'
import { readProfile } from './profile.ts'

const names = {
  roleClaim: 'immich_role',
  storageLabelClaim: 'preferred_username',
  storageQuotaClaim: 'immich_quota',
}
const read = (claims: Record<string, unknown>) => readProfile(claims, names)

test('an issuer that says much is believed in all of it', () => {
  const claims = {
    email: 'Gran@Home.example',
    email_verified: true,
    name: 'Gran Müller',
    picture: 'https://pictures.example/gran.jpg',
    immich_role: 'user',
    preferred_username: 'gran',
    immich_quota: 1.5,
  }
  expect(read(claims)).toEqual({
    email: 'gran@home.example',
    emailIs: 'verified',
    name: 'Gran Müller',
    picture: 'https://pictures.example/gran.jpg',
    role: 'user',
    storageLabel: 'gran',
    quotaBytes: 1.5 * 1024 ** 3,
  })
})

test.each([
  ['the name', { name: 'Gran', given_name: 'G', preferred_username: 'g' }, 'Gran'],
  [
    'the parts of the name',
    { given_name: 'Greta', family_name: 'Müller', preferred_username: 'g' },
    'Greta Müller',
  ],
  ['one part of it', { family_name: 'Müller' }, 'Müller'],
  ['the user name', { name: ' ', preferred_username: 'gran' }, 'gran'],
  ['the address', { email: 'gran@home.example', name: 7 }, 'gran@home.example'],
])('she is called by %s', (_, claims, name) => {
  expect(read(claims).name).toBe(name)
})

test.each([
  [['user', 'admin'], 'admin'],
  [['guest', 'user'], 'user'],
  ['admin', 'admin'],
  ['Admin', undefined],
  [{ admin: true }, undefined],
  [true, undefined],
  ['', undefined],
])('the role %j is %j', (immich_role, role) => {
  expect(read({ immich_role }).role).toBe(role)
})

test.each([
  [0, 0],
  ['10', 10 * 1024 ** 3],
  [-1, undefined],
  ['', undefined],
  ['much', undefined],
  [1e300, undefined],
  [null, undefined],
  [Number.NaN, undefined],
])('the quota %j GiB is %j bytes', (immich_quota, bytes) => {
  expect(read({ immich_quota }).quotaBytes).toBe(bytes)
})

test.each([
  ['../../etc', 'etc'],
  ['gran@home', 'granhome'],
  ['großmutter_1', 'großmutter_1'],
  ['..', undefined],
  ['/', undefined],
  [7, undefined],
])('the label %j is %j, which leads nowhere', (preferred_username, label) => {
  expect(read({ preferred_username }).storageLabel).toBe(label)
})

test.each([
  'http://pictures.example/gran.jpg',
  'data:image/png;base64,AAAA',
  'https://',
  7,
  'https://pictures.example/\u0000',
])('a picture is not fetched from %j', (picture) => {
  expect(read({ picture }).picture).toBeUndefined()
})

test('an address that is none, or a name that no database keeps, was not said', () => {
  expect(read({ email: 'gran', name: 'a\u0000b', email_verified: 'false' })).toEqual({
    emailIs: 'unverified',
  })
  expect(read({ email: ['gran@home.example'] })).toEqual({ emailIs: 'not_said' })
})

test.each([
  [true, 'verified'],
  ['true', 'verified'],
  [false, 'unverified'],
  ['false', 'unverified'],
  [0, 'unverified'],
  ['0', 'unverified'],
  ['no', 'unverified'],
  [null, 'unverified'],
  [1, 'unverified'],
  [undefined, 'not_said'],
])('email_verified: %j means that the address is %s', (email_verified, emailIs) => {
  expect(read({ email: 'gran@home.example', email_verified }).emailIs).toBe(emailIs)
})
